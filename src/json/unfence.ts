import { type Stage, stage } from "../stage.js";
import { checkText } from "../text/check-text.js";
import { checkReading } from "./reading-options.js";
import { Recogniser } from "./recognise.js";

const BRACKET = /[{[]/g;
/** How an object or array begins, white space left out. */
const OPENING = /^(?:\{["}]|\[["{[\]])/;
const OPENING_OF_SCALARS = /^\[(?:[\d-]|true|false|null)/;
const LITERALS = ["[true", "[false", "[null"];

/**
 * Takes the JSON object or array out of an answer that has words around it, or a Markdown fence. What stands before and
 * behind it is dropped; nothing in it is touched, so that a fence in one of its strings is data.
 *
 * It begins at the first `{` with `"` or `}` behind it, or `[` with `"`, `{`, `[` or `]`, white space apart. At the beginning
 * of a line a `[` may have a number or a literal behind it too; elsewhere that is a footnote. An answer without any of these
 * gives nothing, which is `truncated` for the stage behind; what is malformed is passed on, for that stage to say so.
 *
 * @throws TypeError when a chunk is not a string
 *
 * @example
 * ```ts
 * import { flow } from "sluice";
 * import { partialJSON, unfence } from "sluice/json";
 *
 * const answer = ["Sure [1]! Here it is:\n\n``", '`json\n{"code":"```js', '```"}\n``', "`\nAnything else?"];
 * for await (const { value, done } of flow(answer, unfence(), partialJSON())) console.log(value, done);
 * // → { code: '```js' } false
 * // → { code: '```js```' } true
 * ```
 */
export function unfence(): Stage<string, string> {
  return stage((out) => {
    const recogniser = new Recogniser(checkReading({ maxDepth: Number.POSITIVE_INFINITY }));
    let place: "before" | "inside" | "behind" | "lost" = "before";
    let isLineStart = true; // whether only white space stands before, in the line
    let opening = ""; // from a bracket on which may be the value's
    let seen = ""; // of that, what is not white space

    /** Reads what stands before the value. */
    function seek(text: string): void {
      let start = 0; // of the bracket
      let index = 0;
      while (index < text.length) {
        if (seen === "") {
          BRACKET.lastIndex = index;
          start = BRACKET.exec(text)?.index ?? text.length;
          pass(text.slice(index, start));
          seen = text.charAt(start);
          index = start + 1;
          continue;
        }
        const next = text.charAt(index);
        const joined = seen + next;
        if (" \t\n\r".includes(next)) index++;
        else if (OPENING.test(joined) || (isLineStart && OPENING_OF_SCALARS.test(joined))) {
          place = "inside";
          return read(opening + text.slice(start));
        } else if (isLineStart && LITERALS.some((literal) => literal.startsWith(joined))) {
          seen = joined;
          index++;
        } else {
          pass(opening + text.slice(start, index)); // and `next` may be a bracket itself
          opening = "";
          seen = "";
        }
      }
      if (seen !== "") opening += text.slice(start);
    }

    /** Drops words, and notes whether they end at the beginning of a line. */
    function pass(words: string): void {
      const line = words.lastIndexOf("\n") + 1;
      isLineStart = (isLineStart || line > 0) && words.slice(line).trim() === "";
    }

    function read(text: string): void {
      const end = recogniser.read(text, 0);
      const isWhole = recogniser.stop === "whole";
      if (isWhole) place = "behind";
      else if (recogniser.stop === "malformed") place = "lost";
      out.push(isWhole ? text.slice(0, end) : text);
    }

    return {
      push(text) {
        checkText("unfence", text);
        if (text === "") return;
        if (place === "before") seek(text);
        else if (place === "inside") read(text);
        else if (place === "lost") out.push(text);
      },
      end: () => out.end(),
    };
  });
}
