import { bufferParse, decode, filterEmpty, flow, map, splitSSE, sseResponse } from "../../sluice.ts";
import { type Path, rename } from "./path.ts";

export const path: Path = {
  title: "sluice: sseResponse of flow, one field rewritten",
  gives: "renamed",
  pass(upstream) {
    const values = flow(
      upstream,
      decode(),
      splitSSE(),
      filterEmpty({ requireSentinel: true }),
      bufferParse<object>(),
      map(rename),
    );

    return sseResponse(values, { sentinel: "[DONE]" });
  },
};
