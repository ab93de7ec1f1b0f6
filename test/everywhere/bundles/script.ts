// For what is no program of its own: a script that leaves a function behind. Whoever evaluates it gives the list of what nobody
// handled, if the engine tells.
import { main } from "../../conformance/main.ts";

Object.assign(globalThis, { conformance: async (unhandled?: unknown[]) => JSON.stringify(await main(unhandled)) });
