/** The package as it is built and shipped, not its sources: what users run is what is measured. The only place that says where it is. */
export { chat, observe } from "../dist/chat/index.js";
export * from "../dist/index.js";
export { partialJSON, selectJSON } from "../dist/json/index.js";
export { sseResponse } from "../dist/serve/index.js";
