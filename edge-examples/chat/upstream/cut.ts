import type { Fault } from "../faults.ts";
import { random } from "./random.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Cuts the bytes of events into chunks. Each call of `push` gives what is to be sent at once, one after the other. */
export interface Cutter {
  push: (event: string) => Bytes[];
  end: () => Bytes[];
}

export function cutter(faults: readonly Fault[], seed: number): Cutter {
  const encoder = new TextEncoder();
  const pieces = piecesFor(faults, seed);
  const carriesOver = faults.includes("cut-anywhere");
  let carried: Bytes = new Uint8Array(0);

  return {
    push(event) {
      const chunks = pieces(join(carried, encoder.encode(event)));
      // The last piece waits for the next event: a cut at every event's end would not be anywhere.
      carried = (carriesOver ? chunks.pop() : undefined) ?? new Uint8Array(0);
      return chunks;
    },
    end() {
      const rest = carried;
      carried = new Uint8Array(0);
      return rest.length > 0 ? [rest] : [];
    },
  };
}

function piecesFor(faults: readonly Fault[], seed: number): (bytes: Bytes) => Bytes[] {
  if (faults.includes("one-byte")) return (bytes) => cutAt(bytes, () => true);
  if (faults.includes("split-characters")) return (bytes) => cutAt(bytes, insideCharacter);
  if (faults.includes("cut-anywhere")) {
    const next = random(seed);
    return (bytes) => cutAt(bytes, () => next() < 1 / MEAN_PIECE_LENGTH);
  }
  return (bytes) => [bytes];
}

/** Short enough that most events are cut, long enough that a chunk still looks like what it is a piece of. */
const MEAN_PIECE_LENGTH = 90;

/** Between the last two bytes of a character: each has a single cut inside it. */
function insideCharacter(bytes: Bytes, at: number): boolean {
  return isContinuation(bytes[at]) && !isContinuation(bytes[at + 1]);
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000;
}

/** Cuts before each index for which `isCut` holds. */
function cutAt(bytes: Bytes, isCut: (bytes: Bytes, at: number) => boolean): Bytes[] {
  const pieces: Bytes[] = [];
  let start = 0;
  for (let at = 1; at <= bytes.length; at++) {
    if (at < bytes.length && !isCut(bytes, at)) continue;
    pieces.push(bytes.slice(start, at));
    start = at;
  }
  return pieces;
}

function join(first: Bytes, second: Bytes): Bytes {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
