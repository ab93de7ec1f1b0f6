// For Node, Bun and Deno: the run is a line on the standard output.
import { main } from "../../conformance/main.ts";

const unhandled: unknown[] = [];
if ("Deno" in globalThis) {
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    unhandled.push(event.reason);
  });
} else process.on("unhandledRejection", (reason) => unhandled.push(reason));

console.log(JSON.stringify(await main(unhandled)));
