// Where a comment may go into a stream of events without changing it.
import fc from "fast-check";
import { decode, fuse, type ServerSentEvent, splitSSE } from "sluice";
import { expect, test } from "vitest";
import { EventBoundary } from "../../../edge-examples/shared/worker/boundary.ts";
import { HEARTBEAT } from "../../../edge-examples/shared/worker/heartbeat.ts";

const texts = fc
  .array(fc.constantFrom("data: a", "data:", ": c", "event: e", "id: 1", "é水", "\n", "\r", "\r\n", "\n\n", "\r\n\r\n"))
  .map((parts) => new TextEncoder().encode(parts.join("")));

function eventsOf(chunks: readonly Uint8Array[]): ServerSentEvent[] {
  const events: ServerSentEvent[] = [];
  const heart = fuse(decode(), splitSSE({ tail: "discard" })).connect({
    push: (event) => events.push(event),
    end: () => undefined,
  });
  for (const chunk of chunks) heart.push(chunk);
  heart.end();
  return events;
}

test("a comment at a boundary changes no event, however the bytes before it were cut", () => {
  fc.assert(
    fc.property(texts, fc.nat(), fc.array(fc.nat()), (bytes, place, cuts) => {
      const at = place % (bytes.length + 1);
      const boundary = new EventBoundary();
      const places = [0, ...cuts.map((cut) => cut % (at + 1)).sort((a, b) => a - b), at];
      for (const [index, start] of places.entries()) boundary.see(bytes.subarray(start, places[index + 1] ?? at));
      if (!boundary.isBetween) return;
      expect(eventsOf([bytes.slice(0, at), HEARTBEAT, bytes.slice(at)])).toEqual(eventsOf([bytes]));
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ["", true],
  ["data: a", false],
  ["data: a\n", false],
  ["data: a\r\n", false],
  ["data: a\n\n", true],
  ["data: a\r\r", true],
  ["data: a\r\n\r", true],
  ["data: a\r\n\r\n", true],
  ["data: a\n\r\n", true],
])("behind %j: %s", (text, expected) => {
  for (const size of [1, 2, 100]) {
    const boundary = new EventBoundary();
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length; at += size) boundary.see(bytes.subarray(at, at + size));
    expect(boundary.isBetween).toBe(expected);
  }
});
