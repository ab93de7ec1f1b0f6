import type { Dialect } from "sluice/chat";
import type { Upstream } from "../env.ts";
import type { CompletionRequest } from "../request.ts";

/** An API that the gateway can ask. */
export interface Provider {
  /** Where an answer is asked for, behind the upstream's base URL. */
  path: (model: string) => string;
  /** The headers that show the key. */
  authorization: (key: string) => Readonly<Record<string, string>>;
  /** Headers that it wants beside them. */
  headers?: Readonly<Record<string, string>>;
  /**
   * A chat completions request as this API takes it.
   *
   * @throws GatewayError 400 for what it has no words for
   */
  body: (request: CompletionRequest, model: string, upstream: Upstream) => unknown;
  /** What its answers are read as. Without one they are OpenAI's already, and pass through byte for byte. */
  dialect?: Dialect;
}
