import fc from "fast-check";
import { expect, test } from "vitest";
import { visible } from "../../../src/cli/inspect/page/visible.ts";

test("text stays text, line ends and control characters become escapes, bytes of a cut character hexadecimal", () => {
  const bytes = new TextEncoder().encode("hé\r\n\0🌊!").subarray(0, -2);
  expect(visible(bytes)).toEqual([
    { kind: "text", text: "h", bytes: 1 },
    { kind: "wide", text: "é", bytes: 2 },
    { kind: "control", text: "\\r", bytes: 1 },
    { kind: "control", text: "\\n", bytes: 1 },
    { kind: "control", text: "\\x00", bytes: 1 },
    { kind: "bytes", text: "F0", bytes: 1 },
    { kind: "bytes", text: "9F", bytes: 1 },
    { kind: "bytes", text: "8C", bytes: 1 },
  ]);
});

test("every byte is shown once, whatever the bytes are", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(visible(bytes).reduce((sum, piece) => sum + piece.bytes, 0)).toBe(bytes.length);
    }),
  );
});
