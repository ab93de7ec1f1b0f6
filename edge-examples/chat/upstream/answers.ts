import { TOPICS } from "./topics.ts";

/** Questions the page can offer: each has a topic of its own. */
const SUGGESTIONS = ["What is sluice?", "Which stages are there?", "Show me some code", "Greet me in ten languages"];

/**
 * The answer of the embedded upstream. No model is behind it: it looks for the topic whose words the question uses most,
 * and says plainly that it is a demo where there is none. "Repeat: …" gives any text back as it is.
 *
 * @param question the last message of the user
 * @returns Markdown
 */
export function answerTo(question: string): string {
  const repeated = /^\s*(?:repeat|echo)\s*:\s*([\s\S]+)$/i.exec(question)?.[1];
  if (repeated !== undefined) return repeated;

  let best: string | undefined;
  let most = 0;
  for (const { words, answer } of TOPICS) {
    const score = words.reduce((sum, [word, weight]) => sum + (word.test(question) ? weight : 0), 0);
    if (score > most) [best, most] = [answer, score];
  }
  return best ?? unknown(question);
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
