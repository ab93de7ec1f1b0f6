import { type Bytes, concat, isBytes } from "../bytes.js";
import { SluiceError } from "../errors.js";
import { checkChoice } from "../options.js";
import { type Stage, stage } from "../stage.js";
import { wrongChunk } from "./check-text.js";
import { completeLength, findIllFormed } from "./utf8.js";

/** Options of `decode`. */
export interface DecodeOptions {
  /** Whether bytes that are not UTF-8 are an error; otherwise each ill-formed sequence becomes U+FFFD. */
  fatal?: boolean;
}

const BOM = 0xfeff;
const NONE: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/**
 * Decodes UTF-8 whatever the cuts, as the Encoding Standard's decoder does: exactly one byte order mark at the beginning
 * is dropped. Strings pass through unchanged (in them U+FEFF is data); bytes may be in an ArrayBuffer or any view of one.
 *
 * @throws SluiceError "ill-formed" with `fatal`, after the text before it: `offset` in bytes, `raw` the bytes in hexadecimal
 * @throws TypeError when a chunk is neither bytes nor a string
 * @see https://encoding.spec.whatwg.org/#utf-8-decoder
 *
 * @example
 * ```ts
 * import { decode, flow } from "sluice";
 *
 * const chunks = [new Uint8Array([0xf0, 0x9f]), new Uint8Array([0x98, 0x80])];
 * for await (const text of flow(chunks, decode())) console.log(text); // → 😀
 * ```
 */
export function decode({ fatal = false }: DecodeOptions = {}): Stage<Bytes | string, string> {
  checkChoice("fatal", fatal, [true, false]);
  return stage((out) => {
    // A cut character waits here, not in a streaming decoder: those differ between runtimes (Node 24 drops a second BOM after
    // a cut one), lose the text before a fatal error, and are slower.
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true, fatal });
    let rest = NONE;
    let offset = 0; // of `rest`, in bytes
    let isStart = true;

    function give(bytes: Uint8Array): void {
      let text: string;
      try {
        text = decoder.decode(bytes);
      } catch (cause) {
        throw illFormed(bytes, cause);
      }
      offset += bytes.length;
      if (text === "") return;
      const isMarked = isStart && text.charCodeAt(0) === BOM;
      isStart = false;
      if (!isMarked) out.push(text);
      else if (text.length > 1) out.push(text.slice(1));
    }

    /** Gives the text before the ill-formed sequence and makes the error. */
    function illFormed(bytes: Uint8Array, cause: unknown): SluiceError {
      const sequence = findIllFormed(bytes, decoder);
      give(bytes.subarray(0, sequence.byteOffset - bytes.byteOffset));
      const raw = Array.from(sequence, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
      const message = `Bytes that are not UTF-8 at byte ${offset}: ${raw}`;
      return new SluiceError("ill-formed", message, { raw, offset, cause });
    }

    return {
      push(chunk) {
        if (typeof chunk === "string") {
          give(rest);
          rest = NONE;
          if (chunk === "") return;
          isStart = false;
          return out.push(chunk);
        }
        const view = viewOf(chunk);
        const bytes = rest.length === 0 ? view : concat([rest, view]);
        const length = completeLength(bytes);
        rest = length === bytes.length ? NONE : bytes.slice(length);
        give(length === bytes.length ? bytes : bytes.subarray(0, length));
      },
      end() {
        give(rest);
        out.end();
      },
    };
  });
}

function viewOf(chunk: Bytes): Uint8Array {
  if (!isBytes(chunk)) throw wrongChunk("decode", "bytes or strings", chunk);
  let view: Uint8Array;
  if (chunk instanceof Uint8Array) view = chunk;
  else if (ArrayBuffer.isView(chunk)) view = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  else view = new Uint8Array(chunk);
  // Not every TextDecoder takes shared memory; a copy of it is not shared.
  return view.buffer instanceof ArrayBuffer ? view : view.slice();
}
