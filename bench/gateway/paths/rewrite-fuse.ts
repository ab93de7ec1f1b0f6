import { bufferParse, decode, encodeSSE, filterEmpty, fuse, map, splitSSE } from "../../sluice.ts";
import { type Path, rename } from "./path.ts";

export const path: Path = {
  title: "sluice: fuse of six stages, one field rewritten",
  gives: "renamed",
  pass(upstream) {
    const stages = fuse(
      decode(),
      splitSSE(),
      filterEmpty({ requireSentinel: true }),
      bufferParse<object>(),
      map((value) => JSON.stringify(rename(value))),
      encodeSSE({ sentinel: "[DONE]" }),
    );

    return new Response(upstream.body?.pipeThrough(stages) ?? null, upstream);
  },
};
