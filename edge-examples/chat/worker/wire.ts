import { type Stage, stage } from "sluice";
import type { Note } from "../notes.ts";
import { readAnswer } from "./answer.ts";
import type { Broken } from "./broken.ts";

/**
 * The answer with the wire beside it: each chunk as it came, then the values that it completed and their deltas, in the
 * order in which it happened. The bytes are passed on untouched, in base64, so that the page can show cut characters as cut.
 */
export function readAnswerWithWire(): Stage<Uint8Array | Broken, Note> {
  return stage((out) => {
    const began = Date.now();
    const answer = readAnswer((value) => out.push({ type: "value", value })).connect(out);
    return {
      push(chunk) {
        if (chunk instanceof Uint8Array) out.push({ type: "chunk", at: Date.now() - began, bytes: base64(chunk) });
        answer.push(chunk);
      },
      end: () => answer.end(),
    };
  });
}

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
