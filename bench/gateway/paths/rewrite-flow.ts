import { bufferParse, decode, encodeSSE, filterEmpty, flow, map, splitSSE } from "../../sluice.ts";
import { type Path, rename } from "./path.ts";

export const path: Path = {
  title: "sluice: flow of six stages, one field rewritten",
  gives: "renamed",
  pass(upstream) {
    const body = flow(
      upstream,
      decode(),
      splitSSE(),
      filterEmpty({ requireSentinel: true }),
      bufferParse<object>(),
      map((value) => JSON.stringify(rename(value))),
      encodeSSE({ sentinel: "[DONE]" }),
    ).readable;

    return new Response(body, upstream);
  },
};
