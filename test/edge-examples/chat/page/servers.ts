// The upstream at so many tokens a second, and the chat Worker in front of it: node servers.ts 2000. Writes the address of the
// page on a line, and ends when its input does.
import { text } from "node:stream/consumers";
import { startUpstream } from "../../../../edge-examples/chat/upstream/server.ts";
import { startChat } from "../support.ts";

const upstream = await startUpstream({ pace: Number(process.argv[2]), seed: 1 });
const worker = await startChat({ UPSTREAM_URL: upstream.url, DEMO: "1" });
console.log(worker.url);
await text(process.stdin);
await worker.close();
await upstream.close();
