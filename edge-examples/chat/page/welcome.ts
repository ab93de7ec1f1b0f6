import { button, create, element } from "./dom.ts";

const SUGGESTIONS = ["Explain server-sent events", "Make a table of three rivers", "Greet me in ten languages"];

/** What the embedded upstream knows about. */
const DEMO_SUGGESTIONS = [
  "What is sluice?",
  "How do you know an answer is whole?",
  "What is the weather in Rome?",
  "Greet me in ten languages",
  "Attack this page",
];

/** What stands on the page before the first question: things to ask. */
export function suggest(isDemo: boolean, onAsk: (question: string) => void): void {
  const list = element("suggestions", HTMLElement);
  for (const text of isDemo ? DEMO_SUGGESTIONS : SUGGESTIONS) {
    const item = create("li");
    item.append(button("suggestion", text, () => onAsk(text)));
    list.append(item);
  }
}
