// AWS event-stream frames, without what only Node has: the conformance suite uses them in every runtime.

/** The checksum, bit by bit as the standard says it, not by the table of the code that is tested. */
export function crc32(bytes: Uint8Array): number {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb8_8320 : 0);
  }
  return ~sum >>> 0;
}

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

function concat(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function uint32(value: number): number[] {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff);
}

/** A frame whose headers are strings. */
export function frame(headers: Readonly<Record<string, string>>, payload: unknown): Uint8Array<ArrayBuffer> {
  const head = concat(
    ...Object.entries({ ":content-type": "application/json", ...headers }).flatMap(([name, value]) => {
      const bytes = utf8(value);
      return [[name.length], utf8(name), [7, bytes.length >> 8, bytes.length & 0xff], bytes];
    }),
  );
  const body = utf8(typeof payload === "string" ? payload : JSON.stringify(payload));
  const lengths = concat(uint32(12 + head.length + body.length + 4), uint32(head.length));
  const checked = concat(lengths, uint32(crc32(lengths)), head, body);
  return concat(checked, uint32(crc32(checked)));
}

export function eventFrame(name: string, payload: unknown): Uint8Array<ArrayBuffer> {
  return frame({ ":event-type": name, ":message-type": "event" }, payload);
}

/** A frame of *invoke*: the value stands base64-coded in `bytes`. */
export function invokeFrame(value: unknown): Uint8Array<ArrayBuffer> {
  const binary = Array.from(utf8(JSON.stringify(value)), (byte) => String.fromCharCode(byte)).join("");
  return eventFrame("chunk", { bytes: btoa(binary) });
}

export function exceptionFrame(name: string, message: string): Uint8Array<ArrayBuffer> {
  return frame({ ":exception-type": name, ":message-type": "exception" }, { message });
}
