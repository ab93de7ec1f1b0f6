import { flow, fuse, SluiceError, type Stage } from "sluice";
import {
  listChanges,
  PartialJSONError,
  type PartialJSONOptions,
  partialJSON,
  SchemaError,
  type Snapshot,
  type StandardSchema,
  selectJSON,
  unfence,
  validate,
} from "sluice/json";
import type { Case } from "../case.ts";
import { cut, everything, heart, thrownBy, told } from "../tools.ts";

const trip = '{"city":"Ro\\u006de 🌍","ok":true,"n":-1.5e3,"days":[{"plan":"Fo\\nrum"},[],null],"__proto__":{"x":1}}';

const numbers: StandardSchema<number[]> = {
  "~standard": {
    version: 1,
    vendor: "the case",
    validate: (value) =>
      Array.isArray(value) && value.every((each) => typeof each === "number")
        ? { value }
        : { issues: [{ message: "not a number", path: [0, { key: "a" }] }, { message: "and more" }] },
  },
};

/** Each error of partialJSON with the snapshot it carries. */
function partial(chunks: readonly unknown[], options?: PartialJSONOptions): unknown[] {
  return heart(partialJSON(options), chunks);
}

/** What partialJSON gives with a schema behind it. */
function validated(chunks: readonly string[], schema: StandardSchema): unknown[] {
  return heart(fuse(partialJSON(), validate(schema)), chunks);
}

function lastError(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    if (!(error instanceof PartialJSONError)) return error;
    return { is: error instanceof SluiceError, told: told(error), snapshot: error.snapshot };
  }
  return "nothing";
}

function drive(stage: Stage<string, unknown>, chunks: readonly string[]): void {
  const sink = stage.connect({ push: () => undefined, end: () => undefined });
  for (const chunk of chunks) sink.push(chunk);
  sink.end();
}

export const partials: readonly Case[] = [
  {
    name: "partialJSON: the snapshot of every prefix",
    run(note) {
      note("unit by unit", partial(cut(trip, 1)));
      note("by seven", partial(cut(trip, 7)));
      note.is("whole", partial([trip]), [{ value: JSON.parse(trip), done: true }, "end"]);
      for (const scalar of ["12", "true ", '"a\\"b"', " null\n", "-0", '"\\ud83d\\ude00"', '"\\ud83d"'])
        note(scalar, partial(cut(scalar, 1)));
    },
  },
  {
    name: "partialJSON: what did not change is the same object, what was shown never changes",
    run(note) {
      const snapshots: Snapshot<unknown>[] = [];
      const sink = partialJSON().connect({ push: (each) => void snapshots.push(each), end: () => undefined });
      for (const chunk of ['{"a":[1,2],"b":{"c":"x', 'y"', '},"d":[', "3]}"]) sink.push(chunk);
      sink.end();
      const values = snapshots.map(({ value }) => value as { a: unknown; b: unknown; d: unknown });
      note("values", values);
      note.is(
        "a stays",
        values.every(({ a }) => a === values[0]?.a),
        true,
      );
      note(
        "b",
        values.map(({ b }, index) => b === values[index - 1]?.b),
      );
      note.is("the first is still what it was", values[0], { a: [1, 2], b: { c: "x" } });
      const mutable: unknown[] = [];
      const grown = partialJSON({ mutable: true }).connect({
        push: ({ value }) => void mutable.push(value),
        end: () => undefined,
      });
      for (const chunk of ['{"a":1', ',"b":2', "}"]) grown.push(chunk);
      grown.end();
      note.is(
        "mutable is one value",
        mutable.every((each) => each === mutable[0]),
        true,
      );
      note("and what it became", mutable[0]);
    },
  },
  {
    name: "partialJSON: changes",
    run(note) {
      note("changes", partial(['{"tags":["a', 'b","c"', ',{"d":1}],"e":"', "", "f", '"}'], { changes: listChanges }));
    },
  },
  {
    name: "partialJSON: errors carry the last snapshot",
    run(note) {
      const texts = [
        '{"a":1,"b":tru!',
        '{"a":"b',
        "",
        "[1] x",
        "[01]",
        '{"a" 1}',
        '["\u0001"]',
        "[[[1]]]",
        '"too long"',
      ];
      const options: PartialJSONOptions = { controlCharacters: "reject", maxDepth: 2, maxValueLength: 12 };
      for (const all of texts) {
        for (const size of [1, 4, 99]) note(`${all} by ${size}`, partial(cut(all, size), options));
        note(
          `${all}: the error`,
          lastError(() => drive(partialJSON(options), [all])),
        );
      }
      note(
        "too long",
        lastError(() => drive(partialJSON({ maxValueLength: 5 }), ["[1,2,3", ",4]"])),
      );
      note("made by hand", told(new PartialJSONError("truncated", "m", { raw: "r", offset: 1, snapshot: undefined })));
      note("no text", partial([new Uint8Array(1)]));
      note("options that cannot be meant", [
        thrownBy(() => partialJSON({ maxDepth: 0 })),
        thrownBy(() => validate({} as StandardSchema)),
      ]);
    },
  },
  {
    name: "validate: a schema, and SchemaError",
    run(note) {
      note("what fits", validated(["[1,", "2]"], numbers));
      note("what does not", validated(["[1,", '"a"]'], numbers));
      const later: StandardSchema = {
        "~standard": { version: 1, vendor: "the case", validate: async (value) => ({ value }) },
      };
      note("an asynchronous one", validated(["[1]"], later));
      try {
        drive(fuse(partialJSON(), validate(numbers)), ['["a"]']);
      } catch (error) {
        note.is("a SchemaError", error instanceof SchemaError && error instanceof Error, true);
        if (error instanceof SchemaError) note("its parts", [error.name, error.message, error.issues, error.value]);
      }
    },
  },
  {
    name: "selectJSON: what paths lead to, as soon as it is whole",
    run(note) {
      const all = '{"items":[{"id":1,"x":"é"},{"id":2},[3]],"a.b":{"c":"\\u0000"},"items2":null,"__proto__":{"id":4}}';
      const paths = [
        "$.items[*]",
        "$.items[1].id",
        '$["a.b"].c',
        "$.*",
        "$",
        "$.items[*].id",
        '$["__proto__"].id',
        "$.none",
      ];
      for (const path of paths) {
        const whole = heart(selectJSON(path), [all]);
        note(path, whole);
        for (const size of [1, 5]) note.is(`${path} by ${size}`, heart(selectJSON(path), cut(all, size)), whole);
      }
      note("several", heart(selectJSON(paths), cut(all, 3)));
      note("the elements of an array", heart(selectJSON("$[*]"), ['[{"n":1}\n', ",\r\n", '{"n":2}', "\n]\n"]));
    },
  },
  {
    name: "selectJSON: errors and bad paths",
    run(note) {
      for (const all of ['{"a":[1,2', '{"a":[1,oops]}', '{"a":[1]} x', "", '{"a":["abcdefgh"]}', '{"a":[[[[1]]]]}']) {
        for (const size of [1, 99])
          note(`${all} by ${size}`, heart(selectJSON("$.a[*]", { maxValueLength: 8, maxDepth: 4 }), cut(all, size)));
      }
      for (const path of ["", "a", "$.", "$[", "$[-1]", "$['a']", "$..a", "$.a b", "$[01]"])
        note(
          `path ${path}`,
          thrownBy(() => selectJSON(path)),
        );
      note(
        "no paths",
        thrownBy(() => selectJSON([])),
      );
    },
  },
  {
    name: "unfence: the value in an answer with words around it",
    async run(note) {
      const answers = [
        'Sure [1]! Here it is:\n\n```json\n{"code":"```js```"}\n```\nAnything else?',
        "[1, 2]",
        "- [ ] a task\n[true]",
        "no value here",
        "{not json} then {}",
        '{"a":[1,2',
      ];
      for (const answer of answers) {
        const whole = heart(unfence(), [answer]).filter((each) => each !== "end");
        note(answer, whole);
        for (const size of [1, 3]) {
          note.is(
            `${answer} by ${size}`,
            heart(unfence(), cut(answer, size))
              .filter((each) => each !== "end")
              .join(""),
            whole.join(""),
          );
        }
        note(`${answer}, read on`, await everything(flow(cut(answer, 5), unfence(), partialJSON())));
        note(`${answer}, selected`, await everything(flow(cut(answer, 5), unfence(), selectJSON("$.code"))));
      }
      note("no text", heart(unfence(), [5]));
    },
  },
];
