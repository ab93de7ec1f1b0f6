import type { ProviderName } from "./providers/index.ts";

/** What the gateway is configured with: see `wrangler.toml`. Beside it the environment holds the upstreams' keys, as secrets. */
export interface Env {
  /** The servers that may be asked, each with a name of its own. No other is ever asked. */
  UPSTREAMS: Readonly<Record<string, Upstream>>;
  /** The models that callers may name. */
  MODELS: Readonly<Record<string, Model>>;
  /** A secret: who may call, as `name:token` with white space between them. */
  CALLERS: string;
  /** The most bytes a request's body may have; 8 MiB unless told otherwise. */
  MAX_BODY_BYTES?: number;
  /** Seconds in which an upstream must begin to answer; 300 unless told otherwise. */
  FIRST_SECONDS?: number;
  /** Seconds that an upstream may be silent in the middle of an answer; 120 unless told otherwise. */
  IDLE_SECONDS?: number;
  /**
   * Seconds of silence after which a comment goes to the client between two events: proxies then don't give up, and a client
   * that has gone is noticed. 15 unless told otherwise, 0 for never.
   */
  HEARTBEAT_SECONDS?: number;
  /** The origins whose pages may call, or `["*"]`. Without it there is no CORS. */
  CORS_ORIGINS?: readonly string[];
}

export interface Upstream {
  /** Its base, such as `https://api.together.xyz/v1`. */
  url: string;
  /** Which API it speaks; `openai`, whose answers pass through byte for byte, unless told otherwise. */
  provider?: ProviderName;
  /** The name of the secret that holds its key; without one it gets none. */
  key?: string;
  /** Sent with every request, such as `OpenAI-Organization`. */
  headers?: Readonly<Record<string, string>>;
  /** Whether to ask for a count of tokens where the caller did not: the caller then gets a chunk more, with no choice in it. */
  usage?: boolean;
}

export interface Model {
  upstream: string;
  /** The upstream's own name for it; the same as here unless told otherwise. */
  model?: string;
  /** The names of those who may use it; everybody unless told otherwise. */
  callers?: readonly string[];
}
