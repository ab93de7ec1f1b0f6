import { SluiceError, type SluiceErrorCode } from "../errors.js";
import { type Stage, stage } from "../stage.js";
import { checkText } from "../text/check-text.js";
import { takingControls } from "./controls.js";
import { describe } from "./describe.js";
import { Matches, type Route } from "./matches.js";
import { OneValue } from "./one-value.js";
import { parsePath } from "./path.js";
import { checkReading, type ReadingOptions } from "./reading-options.js";

/** Options of `selectJSON`; `maxValueLength` is the limit of one value selected, what is not selected may be of any length. */
export type SelectJSONOptions = ReadingOptions;

/** A value, and which of the paths leads to it. */
export interface Selected<Path extends string = string> {
  readonly path: Path;
  readonly value: unknown;
}

/**
 * Gives the values that a path leads to, each as soon as it is whole, out of one JSON document that is still being written.
 * What no path leads to is read past: checked, but not built and not kept.
 *
 * A path is `$`, then any number of `.name`, `["name"]`, `[n]` (from 0 on), and `.*` or `[*]` for every member or element.
 * Values equal JSON.parse's. Where one match lies in another, the inner one comes first, because it is whole first.
 *
 * @param path one path, which gives the values themselves, or several, which give each with the path that leads to it
 * @throws TypeError for a bad path, at once, with a pointer at the character; and when a chunk is not a string
 * @throws SluiceError "malformed", "too-long" or "too-deep" at once, "truncated" at the end; `raw` is what there was of the
 *   outermost value selected
 * @see https://www.rfc-editor.org/rfc/rfc9535 which has more than this
 *
 * @example
 * ```ts
 * import { flow } from "sluice";
 * import { selectJSON } from "sluice/json";
 *
 * const geminisArray = ['[{"n":1}\n', ',\r\n{"n"', ":2}\n]"];
 * for await (const { n } of flow(geminisArray, selectJSON<{ n: number }>("$[*]"))) console.log(n);
 * // → 1
 * // → 2
 *
 * const answer = ['{"title":"Lists","items":[{"id":1,"price"', ':5},{"id":2,"price":7}]}'];
 * for await (const { path, value } of flow(answer, selectJSON(["$.title", "$.items[*].price"]))) console.log(path, value);
 * // → $.title Lists
 * // → $.items[*].price 5
 * // → $.items[*].price 7
 * ```
 */
export function selectJSON<T = unknown>(path: string, options?: SelectJSONOptions): Stage<string, T>;
export function selectJSON<Path extends string>(
  paths: readonly Path[],
  options?: SelectJSONOptions,
): Stage<string, Selected<Path>>;
export function selectJSON(paths: string | readonly string[], options: SelectJSONOptions = {}): Stage<string, unknown> {
  const list = Array.isArray(paths) ? paths : [paths];
  if (list.length === 0) throw new TypeError("selectJSON takes at least one path");
  const routes = list.map((path): Route => ({ path, steps: parsePath(path) }));
  const reading = checkReading(options);
  const parse = takingControls<unknown>(JSON.parse);

  return stage((out) => {
    const matches = new Matches(routes, reading.maxValueLength, {
      found(text, routes) {
        for (const { path } of routes) {
          const value = parse(text); // for each path: nobody's value changes under another's hands
          out.push(list === paths ? { path, value } : value);
        }
      },
      tooLong(text, began) {
        throw fail("too-long", text, began, began);
      },
    });
    const input = new OneValue({ ...reading, maxValueLength: Number.POSITIVE_INFINITY }, matches);

    function fail(code: SluiceErrorCode, raw: string, began: number, at: number): SluiceError {
      const message = describe(code, raw, began, at, reading);
      return new SluiceError(code, message, { raw, offset: at });
    }

    return {
      push(text) {
        checkText("selectJSON", text);
        matches.enter(text);
        const { offset } = input;
        const problem = input.readOn(text);
        const index = input.offset - offset;
        matches.checkLength(index);
        if (problem === undefined) return;
        const at = input.offset;
        const { text: raw, began } = matches.pendingText(index + 1) ?? { text: text.charAt(index), began: at };
        throw fail(problem, raw, began, at);
      },
      end() {
        matches.enter("");
        if (!input.finish()) {
          const at = input.offset;
          const { text: raw, began } = matches.pendingText(0) ?? { text: "", began: input.began };
          throw fail("truncated", raw, began, at);
        }
        out.end();
      },
    };
  });
}
