import { concat } from "../../bytes.js";
import { SluiceError } from "../../errors.js";
import { bytesOf } from "./bytes.js";
import { crc32 } from "./crc32.js";
import type { Framing } from "./framing.js";

const PRELUDE = 12; // total length, length of the headers, checksum of both
const CHECKSUM = 4;
const STRING = 7; // the type of a header; none of the others has been seen, and their lengths are given here
const LENGTHS: readonly number[] = [0, 0, 1, 2, 4, 8, -1, -1, 8, 16];

/**
 * Frames of `application/vnd.amazon.eventstream`, both checksums verified. A frame's name is its `:event-type`, its value
 * the payload's JSON, or the JSON that stands base64-coded in `bytes` there (the *invoke* calls).
 *
 * @see https://smithy.io/2.0/aws/amazon-eventstream.html
 */
export const awsEventStream: Framing = {
  name: "aws-event-stream",
  type: /vnd\.amazon\.eventstream/i,
  begins: (byte) => byte === 0,
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
        if (crc32(rest.subarray(0, end)) === view.getUint32(end)) give(rest.subarray(0, end), view.getUint32(4));
        else refuse("malformed", "The checksum of a frame is wrong", rest.subarray(0, total));
        rest = rest.subarray(total);
        offset += total;
        needed = PRELUDE;
      }
      return rest;
    }

    function give(frame: Uint8Array, headersLength: number): void {
      const headers = readHeaders(frame.subarray(PRELUDE, PRELUDE + headersLength));
      const raw = new TextDecoder().decode(frame.subarray(PRELUDE + headersLength));
      const type = headers.get(":message-type");
      const name = headers.get(":event-type") ?? headers.get(":exception-type") ?? headers.get(":error-code") ?? "";
      const [value, text] = payloadOf(raw);
      if (type === undefined || type === "event") return out.push(value, name, text);
      out.fail({ message: headers.get(":error-message") ?? name, code: name, raw, cause: value });
    }

    function refuse(code: "malformed" | "truncated", what: string, bytes: Uint8Array): void {
      const raw = Array.from(bytes.subarray(0, 64), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
      out.broken(new SluiceError(code, `${what} at byte ${offset}`, { raw, offset }));
    }

    return {
      push(chunk) {
        if (isLost) return;
        if (typeof chunk === "string") throw new TypeError("An AWS event stream is bytes; got a string");
        const bytes = bytesOf(chunk);
        waiting.push(bytes);
        length += bytes.length;
        if (length < needed) return; // joined once a frame is whole: linear for any cut
        const rest = read(concat(waiting));
        waiting = rest.length === 0 ? [] : [rest];
        length = rest.length;
      },
      end() {
        if (length > 0 && !isLost) refuse("truncated", "A frame is cut off", concat(waiting));
      },
    };
  },
};

/** The headers that are strings: a byte for the name's length, the name, a type, two bytes of length, the value. */
function readHeaders(bytes: Uint8Array): Map<string, string> {
  const headers = new Map<string, string>();
  const decoder = new TextDecoder();
  const byte = (index: number): number => bytes[index] ?? 0;
  for (let at = 0; at < bytes.length; ) {
    const name = decoder.decode(bytes.subarray(at + 1, at + 1 + byte(at)));
    at += 1 + byte(at);
    const type = byte(at++);
    let length = LENGTHS[type] ?? bytes.length; // an unknown type: nothing behind it can be read
    if (length === -1) {
      length = byte(at) * 256 + byte(at + 1);
      at += 2;
    }
    if (type === STRING) headers.set(name, decoder.decode(bytes.subarray(at, at + length)));
    at += length;
  }
  return headers;
}

/** The payload's value and its text; both of the inner value where `bytes` holds one. */
function payloadOf(raw: string): [value: unknown, raw: string] {
  const payload = parsed(raw);
  const bytes = (payload as { bytes?: unknown } | null)?.bytes;
  if (typeof bytes !== "string") return [payload, raw];
  const inner = fromBase64(bytes);
  const value = parsed(inner);
  return typeof value === "object" && value !== null ? [value, inner] : [payload, raw];
}

/** The text's JSON value, or the text itself. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function fromBase64(text: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
  } catch {
    return "";
  }
}
