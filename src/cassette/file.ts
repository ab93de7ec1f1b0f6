import { type FileHandle, open, readFile } from "node:fs/promises";
import type { CassetteStore } from "./memory.js";
import { parseCassette } from "./parse.js";

/**
 * A place for one cassette in a file, whose folder must be there. Lines are written in their order, as fast as the disk takes
 * them, and wait in memory meanwhile. The file is created with the first line.
 *
 * What `node:fs` says of a file that cannot be written or read, `write`, `close` and `read` reject with.
 *
 * @example
 * ```ts
 * import { rm } from "node:fs/promises";
 * import { record, replay } from "sluice/cassette";
 * import { fileStore } from "sluice/cassette/file";
 *
 * const store = fileStore("answer.jsonl");
 * await record(new Response("data: 1\n\n"), store).text();
 * console.log(await new Response(replay(await store.read())).text()); // → data: 1
 * await rm("answer.jsonl");
 * ```
 */
export function fileStore(path: string | URL): CassetteStore {
  let file: FileHandle | undefined;
  let last: Promise<unknown> = Promise.resolve(); // what the file is being asked for
  let batch: { text: string; written: Promise<void> } | undefined; // lines that wait for their turn

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = last.then(work);
    last = done.catch(() => undefined); // those who asked hear of it
    return done;
  }

  async function write(line: string): Promise<void> {
    if (batch !== undefined) {
      batch.text += line;
      return batch.written;
    }
    const lines = { text: line, written: inTurn(writeLines) };
    batch = lines;
    return lines.written;

    async function writeLines(): Promise<void> {
      try {
        file ??= await open(path, "w");
      } finally {
        if (batch === lines) batch = undefined; // what comes from now on is a batch of its own
      }
      await file.writeFile(lines.text); // behind what is there already
    }
  }

  return {
    write,
    close() {
      batch = undefined; // what is written from now on is another cassette
      return inTurn(async () => {
        const closing = file;
        file = undefined;
        await closing?.close();
      });
    },
    read: () => inTurn(async () => parseCassette(await readFile(path))),
  };
}
