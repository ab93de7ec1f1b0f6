// Starts what was built and asks it.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";

const next = createRequire(import.meta.url).resolve("next/dist/bin/next");
const server = spawn(process.execPath, [next, "start", "--port", "0", "--hostname", "127.0.0.1"], {
  cwd: import.meta.dirname,
});
server.stderr.pipe(process.stderr);
let said = "";
for await (const part of server.stdout) {
  said += part;
  const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? [];
  if (url === undefined || !/Ready/i.test(said)) continue;
  console.log(await (await fetch(`${url}/api`)).text());
  break;
}
server.kill("SIGKILL");
