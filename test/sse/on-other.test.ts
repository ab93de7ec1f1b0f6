import { flow, splitSSE } from "sluice";
import { expect, test } from "vitest";

test("onOther gets each line of an unknown field, whole, and of no other", async () => {
  const text = 'error: {"a": 1}\r\n: comment\ndata: x\nid: 1\nretry: 5\nevent: e\n{"b": 2}\n\nno field\n\n{"c"';
  for (const size of [1, 4, 1000]) {
    const chunks = text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
    const lines: string[] = [];
    const events: unknown[] = [];
    for await (const event of flow(chunks, splitSSE({ onOther: (line) => lines.push(line) }))) events.push(event);
    expect(lines).toEqual(['error: {"a": 1}', '{"b": 2}', "no field", '{"c"']);
    expect(events).toEqual([{ event: "e", data: "x", id: "1" }]);
  }
  // @ts-expect-error not a function
  expect(() => splitSSE({ onOther: 1 })).toThrow("onOther must be a function");
});
