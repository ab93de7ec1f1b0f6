import { type Bytes, concat } from "../../bytes.js";
import { isObject, isText, objectOf, parsed } from "../values.js";
import { crc32 } from "./crc32.js";
import type { Framing } from "./framing.js";

const PRELUDE = 12; // total length, length of the headers, checksum of both
const CHECKSUM = 4;
const STRING = 7; // the type of a header; none of the others has been seen, and their lengths are given here, or stand before them
const LENGTHS: readonly (number | undefined)[] = [0, 0, 1, 2, 4, 8, undefined, undefined, 8, 16];

/**
 * Frames of `application/vnd.amazon.eventstream`, both checksums verified. A frame's name is its `:event-type`, its value
 * the payload's JSON, or the JSON that stands base64-coded in `bytes` there (the *invoke* calls).
 *
 * @see https://smithy.io/2.0/aws/amazon-eventstream.html
 */
export const awsEventStream: Framing = {
  name: "aws-event-stream",
  type: /vnd\.amazon\.eventstream/i,
  begins: (first) => first === "\0",
  connect(out, maxLength) {
    let waiting: Uint8Array[] = []; // the pieces of what is not a whole frame yet
    let length = 0; // of all of them
    let needed = PRELUDE;
    let offset = 0; // of what waits, in bytes
    let isLost = false; // nothing says where the next frame begins

    /** Gives the whole frames in `bytes` and returns what is left. */
    function read(bytes: Uint8Array): Uint8Array {
      let rest = bytes;
      while (rest.length >= PRELUDE) {
        const view = new DataView(rest.buffer, rest.byteOffset, rest.length);
        const total = view.getUint32(0);
        if (crc32(rest.subarray(0, 8)) !== view.getUint32(8) || total < PRELUDE + CHECKSUM || total > maxLength) {
          isLost = true;
          refuse("malformed", "The prelude of a frame is wrong", rest.subarray(0, PRELUDE));
          break;
        }
        needed = total;
        if (rest.length < total) break;
        const end = total - CHECKSUM;
        const headersEnd = PRELUDE + view.getUint32(4);
        if (crc32(rest.subarray(0, end)) !== view.getUint32(end))
          refuse("malformed", "The checksum of a frame is wrong", rest.subarray(0, total));
        else give(headersOf(rest.subarray(PRELUDE, headersEnd)), textOf(rest.subarray(headersEnd, end)));
        rest = rest.subarray(total);
        offset += total;
        needed = PRELUDE;
      }
      return rest;
    }

    function give(headers: Texts, raw: string): void {
      const name = headers[":event-type"] ?? headers[":exception-type"] ?? headers[":error-code"] ?? "";
      const [value, text] = payloadOf(raw);
      if ((headers[":message-type"] ?? "event") === "event") out.push(value, name, text);
      else out.fail({ message: headers[":error-message"] ?? name, code: name, raw, cause: value });
    }

    function refuse(code: "malformed" | "truncated", what: string, bytes: Uint8Array): void {
      const raw = Array.from(bytes.subarray(0, 64), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
      out.broken({ code, message: `${what} at byte ${offset}`, raw, offset });
    }

    return {
      push(_, chunk) {
        if (chunk === "" || isLost) return;
        if (typeof chunk === "string") throw new TypeError("An AWS event stream is bytes; got a string");
        const bytes = bytesOf(chunk);
        const fresh = offset + length > 0 ? bytes : bytes.subarray(bytes.indexOf(0)); // behind white space
        waiting.push(fresh);
        length += fresh.length;
        if (length < needed) return; // joined once a frame is whole: linear for any cut
        const rest = read(concat(waiting));
        waiting = [rest];
        length = rest.length;
      },
      end() {
        if (length > 0 && !isLost) refuse("truncated", "A frame is cut off", concat(waiting));
      },
    };
  },
};

/** Texts by their names. */
type Texts = Record<string, string>;

/** The headers that are strings: a byte for the name's length, the name, a type, two bytes of length, the value. */
function headersOf(bytes: Uint8Array): Texts {
  const headers: Texts = {};
  let at = 0;
  function next(length: number): Uint8Array {
    at += length;
    return bytes.subarray(at - length, at);
  }
  const number = (length: number): number => next(length).reduce((sum, byte) => sum * 256 + byte, 0);
  while (at < bytes.length) {
    const name = textOf(next(number(1)));
    const type = number(1);
    const value = next(LENGTHS[type] ?? number(2));
    if (type === STRING) headers[name] = textOf(value);
  }
  return headers;
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** The payload's value and its text; both of the inner value where `bytes` holds one. */
function payloadOf(raw: string): [value: unknown, raw: string] {
  const payload = parsed(raw) ?? raw;
  const { bytes } = objectOf(payload);
  if (!isText(bytes)) return [payload, raw];
  try {
    const inner = textOf(Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0)));
    const value = parsed(inner);
    if (isObject(value)) return [value, inner];
  } catch {
    // It is not base64.
  }
  return [payload, raw];
}

/** The bytes of a chunk, whatever holds them. */
export function bytesOf(chunk: Bytes): Uint8Array {
  return ArrayBuffer.isView(chunk)
    ? new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    : new Uint8Array(chunk);
}
