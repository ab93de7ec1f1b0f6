/** What the Worker is configured with: see `wrangler.toml` and `start.ts`. */
export interface Env {
  /** The page's files. */
  ASSETS: { fetch: (request: Request) => Promise<Response> };
  /** An OpenAI-compatible endpoint, or its base such as `https://host/v1`. */
  UPSTREAM_URL?: string;
  UPSTREAM_API_KEY?: string;
  /** Goes to Together's API and nowhere else. */
  TOGETHER_API_KEY?: string;
  MODEL?: string;
  /** "1": the upstream is the embedded one, and may be asked to misbehave. */
  DEMO?: string;
  /** How long the page waits for the first content, and from one content to the next; milliseconds. */
  FIRST_DEADLINE?: string;
  IDLE_DEADLINE?: string;
}
