import { observe } from "../../sluice.ts";
import type { Path } from "./path.ts";

export const path: Path = {
  title: "sluice: observe, the same bytes and a whole message",
  gives: "same",
  pass: (upstream, note) =>
    new Response(
      upstream.body?.pipeThrough(observe({ onMessage: ({ text, usage }) => note({ text, usage }) })) ?? null,
      upstream,
    ),
};
