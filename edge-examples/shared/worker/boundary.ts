/** Watches the bytes of server-sent events pass, and knows whether the next one would begin an event. */
export class EventBoundary {
  #tail = "\n\n"; // the beginning of a stream is a boundary

  see(chunk: Uint8Array): void {
    this.#tail = (this.#tail + String.fromCharCode(...chunk.subarray(-TAIL_LENGTH))).slice(-TAIL_LENGTH);
  }

  /** Whether what has passed ends in an empty line: then a comment or another event may follow. */
  get isBetween(): boolean {
    return /(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r)$/.test(this.#tail);
  }
}

const TAIL_LENGTH = 4; // CRLF CRLF
