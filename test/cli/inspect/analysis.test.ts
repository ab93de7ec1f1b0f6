import fc from "fast-check";
import { chat } from "sluice/chat";
import { describe, expect, test } from "vitest";
import { DIALECTS } from "../../../src/cli/dialects.ts";
import { Analysis } from "../../../src/cli/inspect/analysis.ts";
import type { Report } from "../../../src/cli/inspect/report.ts";
import { fixtures } from "../../fixtures/index.ts";
import { pieces, someCuts, whole } from "../../support/cuts.ts";
import { chunk, completion } from "../bodies.ts";

function reportOn(chunks: readonly Uint8Array[], kind: Report["source"]["kind"] = "pipe"): Report {
  const analysis = new Analysis({ source: { name: "a test", kind, zero: "command" }, dialects: DIALECTS });
  chunks.forEach((bytes, index) => {
    analysis.push(bytes, kind === "file" ? undefined : 10 * index);
  });
  return analysis.end();
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What the network's cuts have no influence on. */
function content({ chunks: _, borders: __, map: ___, timeline: ____, times: _____, ...report }: Report): object {
  const first = report.problems.first.map(({ chunk: _, byte: __, at: ___, ...problem }) => problem);
  return { ...report, bytesAfterEnd: 0, problems: { ...report.problems, first } };
}

describe("on every fixture", () => {
  test.for(fixtures.map((fixture) => [fixture.name, fixture.body] as const))("%s", async ([, body]) => {
    const bytes = bytesOf(body);
    const report = reportOn([bytes]);
    const { outcome, errors } = await chat([bytes]).message();
    expect(report.outcome).toBe(outcome); // the verdict is chat's, not one of its own
    expect(report.problems.count).toBe(errors.length);
    expect(report.bytes).toBe(bytes.length);
    for (const { name, at } of [whole, ...someCuts(bytes)]) {
      const cut = reportOn(pieces(bytes, at));
      expect(content(cut), name).toEqual(content(report));
      const { chunks, borders } = cut;
      const count = chunks?.count ?? 0;
      const sum = Object.values(borders ?? {}).reduce((all, each) => all + each, 0);
      expect(sum, name).toBe(Math.max(0, count - 1));
      expect(cut.map.chunks.length + cut.map.leftChunks, name).toBe(count);
    }
  });
});

test("white space in front says nothing, however it is cut and however much comes", () => {
  const body = completion(["a"]);
  const of = ({ chunks: _, lineEnds: __, bytes: ___, hasByteOrderMark: ____, ...report }: Report) =>
    content(report as Report);
  for (const blank of ["\n", "  ", "\ufeff\n\n  \r\n", " \t\r\n".repeat(100)]) {
    const bytes = bytesOf(blank + body);
    for (const { name, at } of [whole, ...someCuts(bytes)]) {
      expect(of(reportOn(pieces(bytes, at))), `${JSON.stringify(blank)} ${name}`).toEqual(
        of(reportOn([bytesOf(body)])),
      );
    }
  }
});

test("events are told apart by what they hold", () => {
  const body = `: hi\n\nretry: 9\ndata:\n\ndata: \n\ndata:  \t\n\ndata: \u0007\u0000\n\nerror: x\n${completion(["a"])}`;
  const { events, lineEnds } = reportOn([bytesOf(body)]);
  expect(events).toEqual({
    total: 7,
    full: 2,
    empty: 2,
    blank: 1,
    controlOnly: 1,
    sentinels: 1,
    comments: 1,
    retries: 1,
    otherLines: 1,
    names: { message: 7 },
  });
  expect(lineEnds).toEqual({ lf: body.split("\n").length - 1, crlf: 0, cr: 0 });
});

test("times are those of the chunks that brought content", () => {
  const analysis = new Analysis({ source: { name: "", kind: "cassette", zero: "request" }, dialects: DIALECTS });
  const [first = "", second = ""] = [chunk("a").slice(0, 20), chunk("a").slice(20)];
  analysis.push(bytesOf(": hi\n\n"), 100);
  analysis.push(bytesOf(first), 150);
  analysis.push(bytesOf(second), 200);
  analysis.push(bytesOf(chunk("b") + chunk("c")), 230);
  analysis.push(bytesOf(chunk("d")), 330);
  analysis.push(bytesOf(completion([])), 340);
  expect(analysis.end().times).toEqual({
    firstByte: 100,
    firstContent: 200,
    lastContent: 330,
    last: 340,
    contents: 4,
    interval: 130 / 3,
    gaps: { median: 30, p95: 100, longest: 100 },
    silence: { from: 230, to: 330 },
  });
});

test("a problem says out of which chunk it came, and where that begins", () => {
  const good = bytesOf(chunk("a"));
  const { problems } = reportOn([good, bytesOf("data: {oops}\n\n"), good]);
  expect(problems).toMatchObject({ count: 1, first: [{ code: "malformed", chunk: 2, byte: good.length, at: 10 }] });
});

test("of a malformed value the very character is told", () => {
  const body = `${chunk("a")}data: {"ok":1}\n\ndata: {"no":oops}\n\n${completion([])}`;
  const texts = [...body.matchAll(/^data: (.*)$/gm)].map(([, data = ""]) => data);
  const at = texts.join("").indexOf("oops");
  const { problems } = reportOn([bytesOf(body)]);
  expect(problems.first).toMatchObject([
    { code: "malformed", offset: at, message: expect.stringContaining('unexpected "o"') },
  ]);
});

test("the verdict names the same place as the problem", () => {
  const { why, problems } = reportOn([bytesOf(`${chunk("a")}data: {"choices":oops}\n\ndata: [DONE]\n\n`)]);
  expect(why).toBe(problems.first[0]?.message);
});

test("behind an event that is too long nothing is kept, and nothing counted", () => {
  const block = bytesOf("a".repeat(1 << 20));
  const long = Array<Uint8Array>(33).fill(block); // the limit is 32 Mi characters
  const { outcome, problems, events } = reportOn([bytesOf(`: hi\n\n${chunk("a")}data: `), ...long, bytesOf("\n\n")]);
  expect([outcome, problems.first[0]?.code]).toEqual(["error", "too-long"]);
  expect(events).toMatchObject({ total: 1, comments: 1, names: { message: 1 } });
});

test("of a long body only the beginning is kept", () => {
  const part = bytesOf(chunk("x".repeat(2000)));
  const report = reportOn(new Array(3000).fill(part));
  expect(report.map.chunks.length).toBeLessThanOrEqual(1000);
  expect(report.map.leftChunks).toBe(3000 - report.map.chunks.length);
  expect(JSON.stringify(report.map).length).toBeLessThan(1_000_000);
  const bad = reportOn(new Array(3000).fill(bytesOf("data: oops\n\n")));
  expect(bad.problems.count).toBe(3000);
  expect(bad.problems.first.length).toBeLessThanOrEqual(50);
});

test("of a file, whose pieces are the disk's, no borders and no times are told", () => {
  const report = reportOn([bytesOf(chunk("a")), bytesOf(completion(["b"]))], "file");
  expect(report).not.toHaveProperty("chunks");
  expect(report).not.toHaveProperty("borders");
  expect(report).not.toHaveProperty("times");
});

test("what hangs can be stopped, and is reported so far", () => {
  const analysis = new Analysis({ source: { name: "", kind: "pipe", zero: "command" }, dialects: DIALECTS });
  analysis.push(bytesOf(chunk("a")), 1);
  expect(analysis.stop(new Error("Interrupted"))).toMatchObject({ outcome: "aborted", values: 1, deltas: { text: 1 } });
});

test("any bytes get the same report however they are cut, and never an exception", () => {
  const piece = fc.constantFrom(
    "data: ",
    '{"a":1}',
    "[",
    "]",
    "\n",
    "\r\n",
    "\r",
    "\u0000",
    "[DONE]",
    ":",
    "error: x",
    "é🌊",
  );
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.array(piece, { maxLength: 20 }).map((pieces) => bytesOf(pieces.join(""))),
  );
  fc.assert(
    fc.property(body, fc.integer({ min: 1, max: 7 }), (bytes, size) => {
      const cuts = Array.from({ length: Math.floor(bytes.length / size) }, (_, index) => (index + 1) * size);
      const parts = pieces(
        bytes,
        cuts.filter((at) => at < bytes.length),
      );
      expect(content(reportOn(parts))).toEqual(content(reportOn([bytes])));
    }),
  );
});
