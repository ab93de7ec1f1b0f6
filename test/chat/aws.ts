import { crc32 } from "node:zlib";

/** An AWS event-stream frame, its checksums by Node's zlib, not by the code that is tested. */
export function frame(headers: Readonly<Record<string, string>>, payload: unknown): Uint8Array<ArrayBuffer> {
  const head = Buffer.concat(
    Object.entries({ ":content-type": "application/json", ...headers }).map(([name, value]) => {
      const bytes = Buffer.from(value);
      const length = Buffer.alloc(3);
      length.writeUInt8(7, 0);
      length.writeUInt16BE(bytes.length, 1);
      return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), length, bytes]);
    }),
  );
  const body = Buffer.from(typeof payload === "string" ? payload : JSON.stringify(payload));
  const bytes = Buffer.alloc(12 + head.length + body.length + 4);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.writeUInt32BE(head.length, 4);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8);
  head.copy(bytes, 12);
  body.copy(bytes, 12 + head.length);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, -4)), bytes.length - 4);
  return new Uint8Array(bytes);
}

export function eventFrame(name: string, payload: unknown): Uint8Array<ArrayBuffer> {
  return frame({ ":event-type": name, ":message-type": "event" }, payload);
}

/** A frame of *invoke*: the value stands base64-coded in `bytes`. */
export function invokeFrame(value: unknown): Uint8Array<ArrayBuffer> {
  return eventFrame("chunk", { bytes: Buffer.from(JSON.stringify(value)).toString("base64") });
}

export function exceptionFrame(name: string, message: string): Uint8Array<ArrayBuffer> {
  return frame({ ":exception-type": name, ":message-type": "exception" }, { message });
}
