// For workerd: the run is the answer to a request.
import { main } from "../../conformance/main.ts";

const unhandled: unknown[] = [];
addEventListener("unhandledrejection", ({ reason }) => unhandled.push(reason));

export default { fetch: async (): Promise<Response> => Response.json(await main(unhandled)) };
