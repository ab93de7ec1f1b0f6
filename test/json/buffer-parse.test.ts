import { bufferParse } from "sluice";
import { describe, expect, test } from "vitest";
import { readings } from "../support/reading.ts";
import { runHearts, valuesOf } from "../support/run.ts";
import { thrownBy } from "../support/thrown.ts";

const bare = (...chunks: string[]): unknown[] => readings(chunks, { framed: false });

describe("a frame may hold", () => {
  test("a whole value", () => {
    expect(readings(['{"a":1}', "[2]", '"b"', "3", "true", "null"])).toEqual([{ a: 1 }, [2], "b", 3, true, null]);
  });

  test("a part of one", () => {
    expect(readings(['{"a":[1', ",2", "", '],"b":"x', " ", 'y"', "}"])).toEqual([{ a: [1, 2], b: "x y" }]);
    expect(readings(["tr", "ue", '"a\\u00', 'e9"', "-", "1"])).toEqual([true, "aé", -1]);
  });

  test("several", () => {
    expect(readings(['{"a":1}{"b":2}[3]"c" 4 {}5{}', " [] []  "])).toEqual([
      { a: 1 },
      { b: 2 },
      [3],
      "c",
      4,
      {},
      5,
      {},
      [],
      [],
    ]);
  });

  test("the end of one, some more, and the beginning of the next", () => {
    expect(readings(['{"a":', '1}{"b":2} [', "3]"])).toEqual([{ a: 1 }, { b: 2 }, [3]]);
  });

  test("nothing", () => {
    expect(readings([])).toEqual([]);
    expect(readings(["", " ", "\t\r\n", "\u0000\u001f"])).toEqual([]);
  });

  test("an event, whose data counts", () => {
    const event = (data: string): { event: string; data: string; id: string } => ({ event: "x", data, id: "9" });
    expect(readings([event('{"a":'), event("1}"), event("oops")])).toEqual([{ a: 1 }, ["malformed", 7, "oops"]]);
  });
});

describe("where a scalar ends", () => {
  test("at the frame's end", () => {
    expect(readings(["1", "2", "-0.5e1", '"a"', '"b"', "true", "false"])).toEqual([1, 2, -5, "a", "b", true, false]);
  });

  test("a number that needs more does not end there", () => {
    expect(readings(["-", "1"])).toEqual([-1]);
    expect(readings(["1.", "5"])).toEqual([1.5]);
    expect(readings(["1e", "+", "2"])).toEqual([100]);
  });

  test("without frames, only where something follows, or the stream ends", () => {
    expect(bare("1", "2", " 3", "4 ", "5")).toEqual([12, 34, 5]);
    expect(bare("tr", "ue", " 1", "{}")).toEqual([true, 1, {}]);
  });

  test("only white space, { or [ may follow it", () => {
    expect(readings(['1{"a":2}"b"[3]\tnull \n0'])).toEqual([1, { a: 2 }, "b", [3], null, 0]);
    for (const bad of ['"a"x', '"a""b"', '1"a"', "truefalse", "null,", "1]", "01", "-01", "00"]) {
      const at = bad.startsWith('"a"') ? 3 : bad.search(/(?<=true|null|1)[^1]|(?<=0)[01]/);
      expect(readings([bad]), bad).toEqual([["malformed", at, bad]]);
    }
  });

  test("after a container anything may follow", () => {
    expect(readings(["{}1", '[]"a"', "{}{}", "[]true"])).toEqual([{}, 1, [], "a", {}, {}, [], true]);
  });
});

describe("malformed", () => {
  const firstImpossible: [text: string, offset: number][] = [
    ["x", 0],
    ["[DONE]", 1],
    ["<html>", 0],
    ["]", 0],
    ["}", 0],
    [",", 0],
    ["'a'", 0],
    ["NaN", 0],
    ["undefined", 0],
    ["nul ", 3],
    ["+1", 0],
    [".5", 0],
    ["-x", 1],
    ["1.x", 2],
    ["1e+x", 3],
    ["[1,]", 3],
    ["[,", 1],
    ["[1 2]", 3],
    ["[1}", 2],
    ["{]", 1],
    ["{a", 1],
    ["{1", 1],
    ['{"a" 1', 5],
    ['{"a":}', 5],
    ['{"a":1,}', 7],
    ['{"a":1 "b"', 7],
    ['"\\x', 2],
    ['"\\u12G4"', 5],
    ["[01]", 2],
    ["[1.]", 3],
    ["[\u0000]", 1],
    ["\ufeff{}", 0],
    ["\u00a01", 0],
    ["{}x", 2],
    ['{"a":1}data: {}', 7],
  ];

  for (const [text, offset] of firstImpossible) {
    test(`${JSON.stringify(text)} at ${offset}, framed or not`, () => {
      const start = text.startsWith("{}") || text.startsWith('{"a":1}') ? offset : 0; // behind a value that is whole
      const values = start === 0 ? [] : [JSON.parse(text.slice(0, start))];
      expect(readings([text])).toEqual([...values, ["malformed", offset, text.slice(start)]]);
      expect(bare(text)).toEqual([...values, ["malformed", offset, text.slice(start, offset + 1)]]);
    });
  }

  test("raw is from the bad value's beginning to its frame's end; without frames to the impossible character", () => {
    expect(readings(['{"ok":1} {"a": nope, "b": 2} {"c":3}'])).toEqual([
      { ok: 1 },
      ["malformed", 16, '{"a": nope, "b": 2} {"c":3}'],
    ]);
    expect(bare('{"ok":1} {"a"', ": nope}")).toEqual([{ ok: 1 }, ["malformed", 16, '{"a": no']]);
  });

  test("never poisons what follows: the next frame starts clean", () => {
    expect(readings(['{"a":1}', "{nope}", '{"b":2}', "[[[[x", '"c', '"'])).toEqual([
      { a: 1 },
      ["malformed", 8, "{nope}"],
      { b: 2 },
      ["malformed", 24, "[[[[x"],
      "c",
    ]);
  });

  test("is known at once, not at the frame's end or the stream's", () => {
    const sink = bufferParse({ framed: false }).connect({ push() {}, end() {} });
    sink.push('{"a":');
    expect(thrownBy(() => sink.push("?"))).toMatchObject({ code: "malformed", offset: 5, raw: '{"a":?' });
  });

  test("without frames is final", () => {
    expect(bare('{"a":1} x {"b":2}', '{"c":3}')).toEqual([{ a: 1 }, ["malformed", 8, "x"]]);
  });

  test("the message shows the character and its surroundings, shortened; raw is whole", () => {
    const text = `{"a":"${"x".repeat(5_000)}" nope}`;
    const error = thrownBy(() => valuesOf(bufferParse(), [text]));
    expect(error).toMatchObject({ name: "SluiceError", code: "malformed", offset: text.indexOf("nope"), raw: text });
    expect(error).toMatchObject({
      message: expect.stringMatching(/^Malformed JSON at offset 5008: unexpected "n" in .*nope/),
    });
    expect(error).toMatchObject({ message: expect.not.stringMatching(/x{100}/) });
  });
});

describe("truncated", () => {
  test("a fragment that the next frame makes impossible is reported, and that frame is read afresh", () => {
    expect(readings(['{"a":', '{"b":1}x'])).toEqual([["truncated", 5, '{"a":'], { b: 1 }, ["malformed", 12, "x"]]);
    expect(readings(['{"a"', '{"b":2}', '{"c":3}'])).toEqual([["truncated", 4, '{"a"'], { b: 2 }, { c: 3 }]);
    expect(readings(["[1", '{"b":2}'])).toEqual([["truncated", 2, "[1"], { b: 2 }]);
    expect(readings(['{"a":"', '{"b":2}'])).toEqual([["truncated", 6, '{"a":"'], { b: 2 }]);
  });

  test("its offset is the first unit of the frame that broke it, wherever in that frame it broke", () => {
    expect(readings(["[1", " , 2 ; 3]"])).toEqual([
      ["truncated", 2, "[1"],
      ["malformed", 3, ", 2 ; 3]"],
    ]);
  });

  test("its raw is the whole fragment without the white space before it", () => {
    expect(readings(['{"ok":1} \n [1', ",", " 2", "}"])).toEqual([
      { ok: 1 },
      ["truncated", 16, "[1, 2"],
      ["malformed", 16, "}"],
    ]);
  });

  test("frames inside it that are whole objects or arrays by themselves are delivered after the report, in order", () => {
    const fragment = ["[", '{"a":1}', ",", ' {"b":2}\n', ",", "[3]"];
    expect(readings([...fragment, "}"])).toEqual([
      ["truncated", 22, fragment.join("")],
      { a: 1 },
      { b: 2 },
      [3],
      ["malformed", 22, "}"],
    ]);
  });

  test("frames inside it that are scalars, or parts, are in its raw only", () => {
    expect(readings(["[", "1", ",", '"a"', ",", '{"b":', "2}", "}"])).toEqual([
      ["truncated", 14, '[1,"a",{"b":2}'],
      ["malformed", 14, "}"],
    ]);
  });

  test("when the stream ends inside the fragment, the same, with the end as its offset", () => {
    expect(readings(['{"a":', '{"b":1}', ',"c":', "[2]"])).toEqual([
      ["truncated", 20, '{"a":{"b":1},"c":[2]'],
      { b: 1 },
      [2],
    ]);
    expect(readings(['{"a":1} ["x'])).toEqual([{ a: 1 }, ["truncated", 11, '["x']]);
  });

  test("a value that a later frame completes is no fragment, whatever its frames are by themselves", () => {
    expect(readings(["[", '{"a":1}', ",", "[2]", "]"])).toEqual([[{ a: 1 }, [2]]]);
  });

  test("a fragment that is completed, and then something bad: the value, then malformed", () => {
    expect(readings(['{"a":', "1} x", '{"b":2}'])).toEqual([{ a: 1 }, ["malformed", 8, "x"], { b: 2 }]);
  });

  test('onError: "throw" ends the stream at the first error', () => {
    const frames = ['{"a":1}', '{"b"', '{"c":2}', '{"d":3}'];
    const { transcript } = runHearts(() => [bufferParse()], { chunks: frames });
    expect(transcript).toMatchObject({
      values: ['{"a":1}'],
      ended: false,
      error: { code: "truncated", offset: 11, raw: '{"b"' },
    });
  });

  test("an error that onError throws ends the stream", () => {
    const stages = () => [
      bufferParse({
        onError() {
          throw new RangeError("mine");
        },
      }),
    ];
    expect(runHearts(stages, { chunks: ["1", "x", "2"] }).transcript).toMatchObject({
      values: ["1"],
      error: { message: "mine" },
    });
  });
});

describe("control characters", () => {
  test("are kept as data inside strings, in whole frames, in parts and in keys", () => {
    const expected = { "k\u0001": "a\nb\tc\u0000\u001f" };
    const text = '{"k\u0001":"a\nb\tc\u0000\u001f"}';
    expect(readings([text])).toEqual([expected]);
    expect(readings([...text])).toEqual([expected]);
    expect(bare(...text)).toEqual([expected]);
    expect(readings(['"\u0007"', '"\\\\\u0001\\"\u0002"'])).toEqual(["\u0007", '\\\u0001"\u0002']);
  });

  test("between top-level values are dropped", () => {
    expect(readings(['\u0000{"a":1}\u0007\u0008[2]\u001f', "1\u0000", "\u0001"])).toEqual([{ a: 1 }, [2], 1]);
    expect(bare("1\u0000", "2\u001b{}\u0000")).toEqual([1, 2, {}]);
  });

  test("between the tokens of a value are malformed", () => {
    expect(readings(["[\u00001]"])).toEqual([["malformed", 1, "[\u00001]"]]);
  });

  test('are malformed everywhere with "reject"', () => {
    for (const text of ['"\u0001"', '{"a\n":1}', "\u0000{}", "{}\u0000", "1\u0007"]) {
      const at = [...text].findIndex((character) => character < " ");
      const [error] = readings([text], { controlCharacters: "reject" }).slice(-1);
      expect(error, JSON.stringify(text)).toEqual(["malformed", at, text.startsWith("{}") ? "\u0000" : text]);
    }
  });

  test("DEL, C1 and the rest of Unicode are none", () => {
    expect(readings(['"\u007f\u0085\u2028\ufeff\ud83d"'], { controlCharacters: "reject" })).toEqual([
      "\u007f\u0085\u2028\ufeff\ud83d",
    ]);
  });
});

describe("__proto__", () => {
  test("is a key like any other, on the fast path and on the slow one", () => {
    const text = '{"__proto__":{"x":1},"constructor":2}';
    for (const frames of [[text], [...text], [`${text} `], [text.replace("x", "x\u0001")]]) {
      const [value] = readings(frames);
      expect(Object.keys(value as object)).toEqual(["__proto__", "constructor"]);
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    }
    expect(Reflect.get({}, "x")).toBeUndefined();
  });
});

describe("a TypeError says what is accepted", () => {
  test("for frames", () => {
    for (const frame of [null, undefined, 1, {}, { data: 1 }, new Uint8Array(1)]) {
      expect(() => valuesOf(bufferParse(), [frame])).toThrow(TypeError);
      expect(() => valuesOf(bufferParse(), [frame])).toThrow(/bufferParse takes strings or events with data; got /);
    }
    expect(() => valuesOf(bufferParse(), [new Uint8Array(1)])).toThrow(/put decode\(\) before it/);
  });

  test("for onError as a function without frames", () => {
    expect(() => bufferParse({ framed: false, onError() {} })).toThrow(TypeError);
    expect(() => bufferParse({ framed: false, onError() {} })).toThrow(/onError.*framed: false/);
    expect(() => bufferParse({ framed: false, onError: "throw" })).not.toThrow();
  });

  test("for options", () => {
    const wrong: [options: object, says: RegExp][] = [
      [{ onError: "ignore" }, /onError/],
      [{ controlCharacters: "drop" }, /controlCharacters must be "escape" or "reject"; got "drop"/],
      [{ integers: "string" }, /integers must be "number" or "bigint"; got "string"/],
      [{ maxValueLength: 0 }, /maxValueLength must be .*Infinity/],
      [{ maxDepth: -1 }, /maxDepth must be .*Infinity/],
      [{ maxDepth: Number.NaN }, /maxDepth/],
    ];
    for (const [options, says] of wrong) {
      expect(() => bufferParse(options)).toThrow(TypeError);
      expect(() => bufferParse(options)).toThrow(says);
    }
  });
});
