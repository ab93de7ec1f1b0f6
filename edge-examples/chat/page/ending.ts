import { copyText } from "./clipboard.ts";
import { button, create } from "./dom.ts";
import { measuresOf } from "./measures.ts";
import type { Answered } from "./turn.ts";
import type { Verdict } from "./verdict.ts";

export interface EndingActions {
  retry: () => void;
  continue: () => void;
}

const LABELS = { retry: "Retry", continue: "Continue" } as const;

/** The line under an answer: what became of it, what it took, and what can be done about it. */
export function ending({ text, counts }: Answered, verdict: Verdict, actions: EndingActions): HTMLElement {
  const footer = create("footer", "ending");
  footer.dataset["tone"] = verdict.tone;
  footer.dataset["outcome"] = verdict.outcome;

  const line = create("p", "verdict");
  line.append(create("strong", "", `${verdict.name}:`), ` ${verdict.reason}`);
  const row = create("div", "ending-row");
  for (const offer of verdict.offers) row.append(button(`offer ${offer}`, LABELS[offer], actions[offer]));
  if (text !== "") {
    const copy = button("offer copy-answer", "Copy", () => void copyText(text, copy));
    copy.setAttribute("aria-label", "Copy answer");
    row.append(copy);
  }
  const measures = measuresOf(counts);
  if (measures !== "") row.append(create("span", "measures", measures));
  footer.append(line, row);
  return footer;
}
