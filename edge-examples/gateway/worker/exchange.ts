import type { RequestRecord } from "./record.ts";

/**
 * One request and the one that it brings about upstream. Whoever leaves, the other side learns of it here, and the record is
 * written.
 */
export class Exchange {
  readonly record: RequestRecord;
  /** Aborts when the client leaves. */
  readonly client: AbortSignal;
  readonly #upstream = new AbortController();

  constructor(record: RequestRecord, client: AbortSignal) {
    this.record = record;
    this.client = client;
    client.addEventListener("abort", () => this.leave(client.reason));
    if (client.aborted) this.leave(client.reason);
  }

  /** For the request upstream and its body. */
  get signal(): AbortSignal {
    return this.#upstream.signal;
  }

  /** The upstream is no longer wanted. */
  stop(reason: unknown): void {
    this.#upstream.abort(reason);
  }

  /** The client has left. */
  leave(reason: unknown): void {
    this.record.write("aborted");
    this.stop(reason);
  }
}
