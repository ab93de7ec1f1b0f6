// For browsers: the page sends the run back to the server that it came from.
import { main } from "../../conformance/main.ts";

const unhandled: unknown[] = [];
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  unhandled.push(event.reason);
});

const body = JSON.stringify(await main(unhandled).catch((error: unknown) => ({ error: String(error) })));
await fetch("/run", { method: "POST", body });
document.body.textContent = "This page has done what it was made for.";
