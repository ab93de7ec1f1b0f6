import fc from "fast-check";
import type { Cassette } from "sluice/cassette";
import { utf8ish } from "../support/arbitraries.ts";

const time = fc.nat(10_000_000).map((microseconds) => microseconds / 1000);
const text = fc.string({ unit: "binary" });
const headers = fc.dictionary(fc.stringMatching(/^[a-z][a-z\d-]{0,12}$/), fc.stringMatching(/^[\x20-\x7e]{0,20}$/), {
  noNullPrototype: true,
});
const maybe = { requiredKeys: [] };

/** Any cassette that can be written. */
export const anyCassette: fc.Arbitrary<Cassette> = fc.record(
  {
    header: fc.record(
      {
        cassette: fc.constant(1 as const),
        recorded: fc.constant("2026-11-20T12:00:00.000Z"),
        request: fc.record({ method: text, url: text, headers }, maybe),
        response: fc.record({ status: fc.integer({ min: 200, max: 599 }), headers, at: time }, maybe),
      },
      { requiredKeys: ["cassette"] },
    ),
    chunks: fc.array(
      fc.record({
        at: time,
        bytes: fc.oneof(
          utf8ish,
          text.map((each) => new TextEncoder().encode(each)),
          fc.uint8Array(),
        ),
      }),
      { maxLength: 8 },
    ),
    end: fc.record(
      { at: time, how: fc.constantFrom("closed", "cancelled", "errored"), name: text, message: text },
      { requiredKeys: ["at", "how"] },
    ),
  },
  { requiredKeys: ["header", "chunks"] },
);
