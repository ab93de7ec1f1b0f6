import { SluiceError } from "../../errors.js";
import { Recogniser } from "../../json/recognise.js";
import { decode } from "../../text/decode.js";
import { PendingText } from "../../text/pending.js";
import type { Framing } from "./framing.js";

const MAX_DEPTH = 1000;

/** One bare JSON array, whose elements are the frames: each is given as soon as it is whole. */
export const jsonArray: Framing = {
  name: "json-array",
  type: /json/i,
  begins: (byte) => byte === 0x5b, // [
  connect(out, maxLength) {
    const recogniser = new Recogniser({ maxDepth: MAX_DEPTH, allowsControls: false });
    const element = new PendingText();
    let expects: "[" | "element" | "," | "nothing" = "[";
    let isEmpty = true;
    let offset = 0; // of the chunk
    let began = 0; // the offset of the element

    function read(text: string): void {
      let index = 0;
      while (expects !== "nothing") {
        if (element.length === 0) index = recogniser.skipBlank(text, index);
        if (index >= text.length) return;
        const isClosed = isEmpty && element.length === 0 && text[index] === "]";
        if (expects === "element" && !isClosed) index = readElement(text, index);
        else index = readMark(text, index);
      }
    }

    /** Reads a bracket or a comma. */
    function readMark(text: string, index: number): number {
      const mark = text[index];
      if (expects === "[" && mark === "[") expects = "element";
      else if (expects === "," && mark === ",") expects = "element";
      else if (expects !== "[" && mark === "]") expects = "nothing";
      else refuse("malformed", text.slice(index, index + 1), offset + index);
      return index + 1;
    }

    function readElement(text: string, start: number): number {
      if (element.length === 0) {
        recogniser.reset();
        began = offset + start;
      }
      const end = recogniser.read(text, start);
      const part = text.slice(start, end);
      if (element.length + part.length > maxLength)
        refuse("too-long", element.take(part).slice(0, maxLength + 1), began);
      else if (recogniser.stop === "more") element.add(part);
      else if (recogniser.stop === "whole") give(element.take(part));
      else refuse("malformed", element.take(part + text.slice(end, end + 1)), offset + end);
      return end;
    }

    function give(raw: string): void {
      isEmpty = false;
      expects = ",";
      out.push(JSON.parse(raw), "", raw);
    }

    /** Nothing says where to go on after an error. */
    function refuse(code: "malformed" | "too-long" | "truncated", raw: string, at: number): void {
      expects = "nothing";
      out.broken(new SluiceError(code, `The JSON array is ${code} at offset ${at}`, { raw, offset: at }));
    }

    return decode().connect({
      push(text) {
        read(text);
        offset += text.length;
      },
      end() {
        if (expects !== "nothing") refuse("truncated", element.take(), offset);
        out.end();
      },
    });
  },
};
