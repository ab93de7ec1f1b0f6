import { SluiceError, type SluiceErrorCode } from "../errors.js";
import { checkChoice, checkLimit, DEFAULT_MAX_LENGTH } from "../options.js";
import { type Stage, stage } from "../stage.js";
import { checkText } from "../text/check-text.js";
import { escapeControls } from "./controls.js";
import { describe } from "./describe.js";
import { Matches, type Route } from "./matches.js";
import { OneValue } from "./one-value.js";
import { parsePath } from "./path.js";
import { DEFAULT_MAX_DEPTH } from "./recognise.js";

/** Options of `selectJSON`. */
export interface SelectJSONOptions {
  /** Whether raw control characters are kept inside strings and dropped around the document, or malformed as in JSON.parse. */
  controlCharacters?: "escape" | "reject";
  /** The most characters (UTF-16 code units) of the text of one value selected; 32 Mi unless told otherwise. */
  maxValueLength?: number;
  /** The most containers inside each other; 1,000 unless told otherwise. */
  maxDepth?: number;
}

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
export function selectJSON(
  paths: string | readonly string[],
  {
    controlCharacters = "escape",
    maxValueLength = DEFAULT_MAX_LENGTH,
    maxDepth = DEFAULT_MAX_DEPTH,
  }: SelectJSONOptions = {},
): Stage<string, unknown> {
  const list = Array.isArray(paths) ? paths : [paths];
  if (list.length === 0) throw new TypeError("selectJSON takes at least one path");
  const routes = list.map((path): Route => ({ path, steps: parsePath(path) }));
  checkChoice("controlCharacters", controlCharacters, ["escape", "reject"]);
  checkLimit("maxValueLength", maxValueLength);
  checkLimit("maxDepth", maxDepth);

  return stage((out) => {
    const matches = new Matches(routes, maxValueLength, {
      found(text, routes) {
        const json = input.hasControls ? escapeControls(text) : text;
        for (const { path } of routes) {
          const value: unknown = JSON.parse(json); // for each path: nobody's value changes under another's hands
          out.push(list === paths ? { path, value } : value);
        }
      },
      tooLong(text, began) {
        throw fail("too-long", text, began, began);
      },
    });
    const input = new OneValue(matches, { maxDepth, allowsControls: controlCharacters === "escape" });

    function fail(code: SluiceErrorCode, raw: string, began: number, at: number): SluiceError {
      const message = describe(code, { raw, at, began, maxValueLength, maxDepth });
      return new SluiceError(code, message, { raw, offset: at });
    }

    return {
      push(text) {
        checkText("selectJSON", text);
        matches.enter(text);
        const problem = input.read(text);
        matches.checkLength(problem?.index ?? text.length);
        if (problem === undefined) return;
        const at = input.offset + problem.index;
        const { text: raw, began } = matches.pendingText(problem.index + 1) ?? {
          text: text.charAt(problem.index),
          began: at,
        };
        throw fail(problem.code, raw, began, at);
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
