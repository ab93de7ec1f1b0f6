import type { Cassette } from "./cassette.js";
import { parseCassette } from "./parse.js";
import type { CassetteSink } from "./record.js";

/** A place for one cassette: what `record` writes there can be read, also while it is being written. A new recording replaces it. */
export interface CassetteStore extends CassetteSink {
  write: (line: string) => Promise<void>;
  close: () => Promise<void>;
  /**
   * What has been written so far.
   * @throws SluiceError when that is no cassette
   */
  read: () => Promise<Cassette>;
}

/** A cassette in memory. */
export interface MemoryStore extends CassetteStore {
  /** What has been written so far, in the format of docs/cassette.md. */
  readonly text: string;
}

/** Makes a place in memory for one cassette. */
export function memoryStore(): MemoryStore {
  let lines: string[] = [];
  let isClosed = false;
  return {
    get text() {
      return lines.join("");
    },
    async write(line) {
      if (isClosed) lines = [];
      isClosed = false;
      lines.push(line);
    },
    async close() {
      isClosed = true;
    },
    async read() {
      return parseCassette(lines.join(""));
    },
  };
}
