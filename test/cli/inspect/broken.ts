import { type Cassette, formatCassette } from "sluice/cassette";

const SAID =
  "A sluice is a gate that lets water through in measured amounts: ein Wehr, 水門, une écluse. It keeps what it should 🌊 and passes what it must. ";
const SIZES = [125, 40, 125, 125, 9, 90, 125, 61];
const WAITS = [21, 34, 18, 27, 30, 22, 310, 25, 19];

/** An answer with everything that can be wrong with one: empty events, comments, a malformed one, and no end. */
export function brokenCassette(): Cassette {
  const words = SAID.repeat(2).split(/(?<= )/);
  const events = words.map((word, index) => {
    const event = `data: ${JSON.stringify({ id: "c7", model: "demo-1", choices: [{ index: 0, delta: { content: word } }] })}\n\n`;
    if (index === 20) return `${event}data:\n\n: keep-alive\n\ndata: \u0007\n\n`;
    return index === 30 ? event.replace('"content":"', '"content":"\u0007"oops') : event;
  });
  const bytes = new TextEncoder().encode(`: keep-alive\n\n${events.join("")}`).subarray(0, -50);
  const chunks: { at: number; bytes: Uint8Array }[] = [];
  let at = 412.7;
  for (let start = 0; start < bytes.length; ) {
    const end = start + (SIZES[chunks.length % SIZES.length] ?? 1);
    chunks.push({ at: Math.round(at * 10) / 10, bytes: bytes.slice(start, end) });
    at += WAITS[chunks.length % WAITS.length] ?? 1;
    start = end;
  }
  return {
    header: {
      cassette: 1,
      response: { status: 200, headers: { "content-type": "text/event-stream" }, at: 401 },
    },
    chunks,
    end: { at, how: "errored", name: "TypeError", message: "terminated" },
  };
}

export const brokenText = (): string => formatCassette(brokenCassette());
