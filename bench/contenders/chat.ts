import { chat } from "../sluice.ts";
import type { Contender } from "./contender.ts";

/** Recognises the dialect, reads its text and proves that the answer was whole; everything else in the events is read on the way. */
export const contender: Contender = {
  name: "chat",
  title: "sluice: chat(response).text()",
  package: "sluice",
  framings: ["sse", "lines"],
  reads: "text",
  unable: {
    responses: "many answers in one body: the end of the first is the end",
    corpus: "many answers in one body: the end of the first is the end",
  },
  async read(response, _framing, use) {
    for await (const text of chat(response).text()) use(text);
  },
};
