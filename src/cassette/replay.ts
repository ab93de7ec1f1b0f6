import { concat } from "../bytes.js";
import { check } from "../options.js";
import { type Fault, type TimedChunk, timedBody } from "../testing/body.js";
import { adversarialPlaces, everySize, randomSizes } from "../testing/places.js";
import type { Cassette, CassetteChunk } from "./cassette.js";
import { parseCassette } from "./parse.js";

/** Options of `replay`. */
export interface ReplayOptions {
  /** How much faster than it was recorded; `Infinity` is at once, without a timer. 1 unless given. */
  speed?: number;
  /**
   * Where the body is cut: as it was (`"recorded"`, the default), into chunks of so many bytes, at random, or where it hurts
   * most, which is inside characters and escapes, between CR and LF, around line ends, colons, spaces, quotes and brackets.
   */
  cuts?: "recorded" | "random" | "adversarial" | number;
  /** Which random cuts: the same seed cuts in the same places, in every runtime. 1 unless given. */
  seed?: number;
  /** What goes wrong, besides what went wrong when it was recorded. */
  fault?: Fault;
}

/**
 * Gives a recorded body back: the same chunks at the same pace, ending as it ended, or as the options say. Time counts from
 * the first read; a chunk that is cut anew comes in pieces, each when its last byte came. A timer exists only while a read
 * waits, and cancelling stops it.
 *
 * A recording whose reader stopped it, or that was broken off, has no known end: its body fails there, and says why.
 *
 * @param cassette a cassette, or its text or bytes, which `parseCassette` reads; it can be replayed any number of times
 * @throws TypeError when an argument is not what it should be
 * @throws SluiceError when text or bytes are no cassette
 *
 * @example
 * ```ts
 * import { decode, flow } from "sluice";
 * import { replay } from "sluice/cassette";
 *
 * const cassette = '{"cassette":1}\n{"at":800,"text":"data: é\\r\\n\\r\\n"}\n{"at":900,"end":"closed"}\n';
 * for await (const text of flow(replay(cassette, { speed: 100 }), decode())) console.log(text.trim()); // → data: é
 * for await (const chunk of replay(cassette, { speed: Infinity, cuts: 5 })) console.log(chunk.length); // → 5, 5, 2
 * ```
 */
export function replay(
  cassette: Cassette | string | Uint8Array,
  options: ReplayOptions = {},
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const { speed = 1, cuts = "recorded", seed = 1, fault } = options;
  if (!(typeof speed === "number" && speed > 0)) throw new TypeError(`speed must be a number above 0; got ${speed}`);
  if (typeof seed !== "number") throw new TypeError(`seed must be a number; got ${String(seed)}`);
  const { chunks, end } = read(cassette);
  const timed = recut(chunks, cuts, seed).map(({ at, bytes }) => ({ at: at / speed, bytes }));
  const failure = failureOf(end);
  return timedBody(timed, {
    at: (end?.at ?? chunks.at(-1)?.at ?? 0) / speed,
    ...(failure === undefined ? {} : { failure: { error: failure } }),
    ...(fault === undefined ? {} : { fault }),
  });
}

/**
 * A recorded answer as `fetch` would give it: `replay` with the status and the content type that it had, 200 and
 * `text/event-stream` if that is not known.
 *
 * @throws TypeError and SluiceError as `replay` does
 */
export function replayResponse(cassette: Cassette | string | Uint8Array, options: ReplayOptions = {}): Response {
  const played = read(cassette);
  const { status = 200, headers = {} } = played.header.response ?? {};
  const body = NO_BODY.has(status) ? null : replay(played, options);
  return new Response(body, { status, headers: { "content-type": headers["content-type"] ?? "text/event-stream" } });
}

/** The statuses whose responses have no body; a Response of one with a body throws. */
const NO_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

function read(cassette: Cassette | string | Uint8Array): Cassette {
  if (typeof cassette === "string" || cassette instanceof Uint8Array) return parseCassette(cassette);
  check("cassette", cassette, Array.isArray(cassette?.chunks), "what parseCassette gives, or text or bytes");
  return cassette;
}

function failureOf(end: Cassette["end"]): Error | undefined {
  if (end?.how === "closed") return undefined;
  if (end?.how === "errored") {
    const error = new Error(end.message);
    if (end.name !== undefined) error.name = end.name;
    return error;
  }
  const why = end === undefined ? "was broken off" : "was stopped by its reader";
  return new Error(`The recording ends here: it ${why}, so how the body went on is not known`);
}

/** The chunks as the cuts make them, each piece with the time at which its last byte came. */
function recut(
  chunks: readonly CassetteChunk[],
  cuts: NonNullable<ReplayOptions["cuts"]>,
  seed: number,
): readonly TimedChunk[] {
  if (cuts === "recorded") return chunks;
  const whole = concat(chunks.map(({ bytes }) => bytes));
  const places = placesOf(whole, cuts, seed);
  const pieces: TimedChunk[] = [];
  let start = 0;
  let index = 0;
  let arrived = 0; // the bytes of the chunks before `index`
  for (const end of [...places, whole.length]) {
    if (end === start) continue;
    while (index < chunks.length && arrived < end) arrived += chunks[index++]?.bytes.length ?? 0;
    pieces.push({ at: chunks[index - 1]?.at ?? 0, bytes: whole.subarray(start, end) });
    start = end;
  }
  return pieces;
}

function placesOf(bytes: Uint8Array, cuts: "random" | "adversarial" | number, seed: number): readonly number[] {
  if (cuts === "random") return randomSizes(bytes.length, seed).at;
  if (cuts === "adversarial") return adversarialPlaces(bytes);
  if (Number.isInteger(cuts) && cuts >= 1) return everySize(bytes.length, cuts).at;
  throw new TypeError(`cuts must be "recorded", "random", "adversarial" or a number of bytes; got ${String(cuts)}`);
}
