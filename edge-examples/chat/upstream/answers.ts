import { TOPICS } from "./topics.ts";

/** What the embedded upstream says to a question: Markdown, what it "thought" before, and the tools it wants called. */
export interface UpstreamAnswer {
  text: string;
  reasoning?: string;
  calls?: readonly { name: string; arguments: string }[];
}

/** Questions the page can offer: each has a topic of its own. */
const SUGGESTIONS = [
  "What is sluice?",
  "How do you know an answer is whole?",
  "What is the weather in Rome?",
  "Greet me in ten languages",
  "Attack this page",
];

/**
 * The answer of the embedded upstream. No model is behind it: it looks for the topic whose words the question uses most,
 * and says plainly that it is a demo where there is none. "Repeat: …" gives any text back as it is.
 *
 * @param question the last message of the user
 * @param said what has arrived of the answer, if the rest is wanted
 */
export function answerFor(question: string, said = ""): UpstreamAnswer {
  const answer = answerInFull(question);
  if (said === "") return answer;
  const { reasoning: _, ...rest } = answer;
  return { ...rest, text: restOf(answer.text, said) };
}

/** Only the text of it. */
export function answerTo(question: string): string {
  return answerFor(question).text;
}

function answerInFull(question: string): UpstreamAnswer {
  const repeated = /^\s*(?:repeat|echo)\s*:\s*([\s\S]+)$/i.exec(question)?.[1];
  if (repeated !== undefined) return { text: repeated };

  let best: UpstreamAnswer | undefined;
  let most = 0;
  for (const { words, answer } of TOPICS) {
    const score = words.reduce((sum, [word, weight]) => sum + (word.test(question) ? weight : 0), 0);
    if (score > most) [best, most] = [typeof answer === "string" ? { text: answer } : answer(), score];
  }
  return best ?? { text: unknown(question) };
}

/** Enough of the end of what was said to find the place again, should something in the middle of it have been lost. */
const PLACE_LENGTH = 24;

function restOf(text: string, said: string): string {
  if (text.startsWith(said)) return text.slice(said.length);
  const place = said.slice(-PLACE_LENGTH);
  const at = text.indexOf(place);
  return at === -1 ? text : text.slice(at + place.length);
}

function unknown(question: string): string {
  const asked = question.trim().replace(/\s+/g, " ");
  const shown = Array.from(asked).slice(0, 200).join("");
  const quoted =
    shown === "" ? "nothing at all" : `“${escapeMarkdown(shown)}${shown.length < asked.length ? "…" : ""}”`;
  return `I can't answer that one: this is a **demo without a model behind it**. You asked ${quoted}, and I only know a few things about this toolkit.

Try one of these:

${SUGGESTIONS.map((suggestion) => `- ${suggestion}`).join("\n")}

Or write \`Repeat: …\` and I send your own text back through the same network. For real answers, start with \`TOGETHER_API_KEY\` set, or with \`UPSTREAM_URL\` and \`UPSTREAM_API_KEY\`.`;
}

/** The question is shown as text: its own Markdown would make it look like a part of the answer. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+\-.!|~&]/g, "\\$&");
}
