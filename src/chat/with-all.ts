import type { Dialect } from "./dialect.js";
import { anthropic } from "./dialects/anthropic.js";
import { bedrock } from "./dialects/bedrock.js";
import { cohere } from "./dialects/cohere.js";
import { gemini } from "./dialects/gemini.js";
import { geminiInteractions } from "./dialects/gemini-interactions.js";
import { generatedText } from "./dialects/generated-text.js";
import { ollama } from "./dialects/ollama.js";
import { openaiChat } from "./dialects/openai-chat.js";
import { openaiResponses } from "./dialects/openai-responses.js";
import { workersAI } from "./dialects/workers-ai.js";

/**
 * Gives `make` every dialect of a provider, in the order in which they are asked whether a frame is theirs. They are written
 * out, because a spread would keep bundlers from dropping what is not used; and it is a function, so that a bundle that has
 * neither `chat` nor `observe` holds no dialect. `uiMessages` is not among them: it is what one's own server sends to one's
 * own page, and who reads that knows it.
 */
export function withAll<Made>(make: (...dialects: [Dialect, ...Dialect[]]) => Made): Made {
  return make(
    openaiChat,
    anthropic,
    openaiResponses,
    gemini,
    geminiInteractions,
    ollama,
    cohere,
    bedrock,
    workersAI,
    generatedText,
  );
}
