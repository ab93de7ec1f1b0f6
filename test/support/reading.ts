import { type BufferParseOptions, bufferParse, type ServerSentEvent, SluiceError } from "sluice";
import { runHearts } from "./run.ts";

/** What `bufferParse` gave: values, and in their places the errors as `[code, offset, raw]`. */
export function readings(frames: readonly (string | ServerSentEvent)[], options: BufferParseOptions = {}): unknown[] {
  const { log, transcript } = runHearts(
    (onError) => [bufferParse(options.framed === false ? options : { onError, ...options })],
    { chunks: frames },
  );
  const { error } = transcript;
  const last = error === undefined ? [] : [[error.code, error.offset ?? error.message, error.raw]];
  return [
    ...log.map((entry) => (entry instanceof SluiceError ? [entry.code, entry.offset, entry.raw] : entry)),
    ...last,
  ];
}
