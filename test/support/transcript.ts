import { SluiceError } from "./watched.ts";

/** What a run gave, in a form that can be compared: values as canonical text, errors as what they promise. */
export interface Transcript {
  values: string[];
  /** What an `onError` function was told, in order. */
  reports: ErrorRecord[];
  /** What ended the stream, if it was not its end. */
  error?: ErrorRecord;
  /** Whether the end came. */
  ended: boolean;
}

/** A SluiceError's promises; of other errors, which pass through as they are, their name and message. */
export interface ErrorRecord {
  code: string;
  offset?: number;
  raw?: string;
  message?: string;
}

export function recordOf(error: unknown): ErrorRecord {
  if (error instanceof SluiceError) {
    const { code, offset, raw, message } = error;
    return { code, offset, raw, message };
  }
  if (error instanceof Error) return { code: error.name, message: error.message };
  return { code: "thrown", message: canonical(error) };
}

/** Bytes out are compared joined: where a chunk of them ends is nobody's business. */
export function transcriptValues(values: readonly unknown[]): string[] {
  const bytes = values.filter((value) => value instanceof Uint8Array);
  if (bytes.length === 0) return values.map(canonical);
  if (bytes.length < values.length) throw new TypeError("bytes and other values in one stream");
  return [canonical(join(bytes))];
}

export function join(chunks: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

/**
 * Text that is equal exactly when the values are: key order, -0, undefined, bigints, own `__proto__` keys, lone
 * surrogates and the bytes of arrays all count.
 */
export function canonical(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (Object.is(value, -0)) return "-0";
  if (value instanceof Uint8Array) return `<${[...value].map((byte) => byte.toString(16).padStart(2, "0")).join(" ")}>`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value instanceof Error) return `Error(${canonical(recordOf(value))})`;
  if (typeof value === "object" && value !== null) {
    const prototype: unknown = Object.getPrototypeOf(value);
    const kind = prototype === Object.prototype ? "" : prototype === null ? "null-prototype" : "other-prototype";
    return `${kind}{${Object.entries(value)
      .map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`)
      .join(",")}}`;
  }
  return JSON.stringify(value) ?? String(value);
}
