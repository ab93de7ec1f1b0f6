// What an application for a bare engine, such as React Native's, brings with it: streams, text and abortion. Streams are then as
// bare as the engine: without async iteration, without `from`.
import "web-streams-polyfill/polyfill";
import * as aborting from "abort-controller";
import { decode, encode } from "base-64";
import { TextDecoder, TextEncoder } from "text-encoding-polyfill";

const global = globalThis as unknown as Record<string, unknown>;
const brought: Record<string, unknown> = {
  AbortController: aborting.AbortController,
  AbortSignal: aborting.AbortSignal,
  TextDecoder,
  TextEncoder,
  console: { assert: () => undefined, warn: () => undefined },
  atob: decode,
  btoa: encode,
  performance: { now: () => Date.now() },
  queueMicrotask: (work: () => void) => void Promise.resolve().then(work),
};
for (const [name, value] of Object.entries(brought)) global[name] ??= value;

for (const name of ["values", Symbol.asyncIterator]) Reflect.deleteProperty(ReadableStream.prototype, name);
Reflect.deleteProperty(ReadableStream, "from");
