import type { Frames, Framing } from "./framing.js";
import { type Container, container, jsonError } from "./json.js";

/** One bare JSON array, whose elements are the frames: objects or arrays, each given as soon as it is whole. */
export const jsonArray: Framing = {
  name: "json-array",
  type: /json/i,
  begins: (first) => first === "[",
  connect(out, maxLength) {
    let element: Container | undefined;
    let expected = "["; // the characters that may come next; none when the array is over
    let offset = 0; // of the chunk

    /** Ends reading: nothing says where to go on. */
    const lose: Frames["broken"] = (problem) => {
      throw problem;
    };

    function read(text: string): void {
      for (let index = 0; index < text.length && expected !== ""; ) {
        if (element !== undefined) {
          index = element.read(text, index);
          if (element.state === "truncated") return;
          expected = ",]";
          element.give(element.state === "whole" ? out : { ...out, broken: lose });
          element = undefined;
        } else if (/\s/.test(text.charAt(index))) index++;
        else index = readMark(text.charAt(index), index);
      }
    }

    /** Reads a bracket or a comma; one that opens an element is read again with it. */
    function readMark(mark: string, index: number): number {
      if (!expected.includes(mark)) throw jsonError("malformed", mark, offset + index);
      if (mark === ",") expected = "{[";
      else if (mark === "]") expected = "";
      else if (expected === "[") expected = "{[]";
      else {
        element = container(offset + index, maxLength);
        return index;
      }
      return index + 1;
    }

    return {
      push(text) {
        read(text);
        offset += text.length;
      },
      end() {
        if (element !== undefined) element.give(out);
        else if (expected !== "") out.broken(jsonError("truncated", "", offset));
      },
    };
  },
};
