import { isRecord } from "../../../shared/worker/json.ts";
import type { Provider } from "./provider.ts";

/** OpenAI's chat completions, and everything that is compatible: the request goes on as it came, under the upstream's name for the model. */
export const openai: Provider = {
  path: () => "/chat/completions",
  authorization: (key) => ({ authorization: `Bearer ${key}` }),
  body(request, model, { usage = false }) {
    if (!usage || request.stream !== true) return { ...request, model };
    const options = isRecord(request["stream_options"]) ? request["stream_options"] : {};
    return { ...request, model, stream_options: { include_usage: true, ...options } };
  },
};
