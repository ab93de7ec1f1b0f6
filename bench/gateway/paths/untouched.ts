import type { Path } from "./path.ts";

export const path: Path = {
  title: "the body untouched: reads nothing, learns nothing",
  gives: "same",
  pass: (upstream) => new Response(upstream.body, upstream),
};
