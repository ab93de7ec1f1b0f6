/** A recorded body: what it was, its chunks with their times, and how it ended. */
export interface Cassette {
  readonly header: CassetteHeader;
  readonly chunks: readonly CassetteChunk[];
  /** Absent when the recording was broken off, as by a crash. */
  readonly end?: CassetteEnd;
}

/** What is known of a recording: the first line of a cassette, as it stands there. */
export interface CassetteHeader {
  /** The version of the format. */
  readonly cassette: 1;
  /** When time zero was, in ISO 8601. */
  readonly recorded?: string;
  readonly request?: RecordedRequest;
  readonly response?: RecordedResponse;
}

/** A request without its secrets and without its body. */
export interface RecordedRequest {
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A response without its body: that is the chunks. */
export interface RecordedResponse {
  /** From 200 to 599. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** When the response's head came, in milliseconds. If it is there, time zero is when the request was sent. */
  readonly at?: number;
}

/** Whether a Response that is made anew can have this status. */
export function isStatus(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 200 && value <= 599;
}

/** One chunk of the body. */
export interface CassetteChunk {
  /** When it was read, in milliseconds from time zero. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** How the body ended. */
export interface CassetteEnd {
  /** When, in milliseconds from time zero. */
  readonly at: number;
  /** By itself, because its reader stopped, or with an error. */
  readonly how: "closed" | "cancelled" | "errored";
  /** The name of the error, or of the reason of the cancel. */
  readonly name?: string;
  readonly message?: string;
}
