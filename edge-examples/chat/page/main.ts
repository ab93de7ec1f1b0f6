import type { About, Note } from "../notes.ts";
import { ask, type Message } from "./ask.ts";
import { create, element } from "./dom.ts";
import { FaultChoice } from "./fault-choice.ts";
import { AnswerView, questionElement } from "./turn.ts";
import { WireView } from "./wire.ts";

const SUGGESTIONS = ["Explain server-sent events", "Make a table of three rivers", "Greet me in ten languages"];
/** What the embedded upstream knows about. */
const DEMO_SUGGESTIONS = [
  "What is sluice?",
  "Which stages are there?",
  "How do you know an answer is whole?",
  "Greet me in ten languages",
];

const thread = element("thread", HTMLElement);
const turns = element("turns", HTMLElement);
const welcome = element("welcome", HTMLElement);
const question = element("question", HTMLTextAreaElement);
const send = element("send", HTMLButtonElement);
const stop = element("stop", HTMLButtonElement);
const status = element("status", HTMLElement);

const messages: Message[] = [];
let running: AbortController | undefined;
let faults: FaultChoice | undefined;
let wire: WireView | undefined;
let lastQuestion = DEMO_SUGGESTIONS[0] ?? "";

/** One turn: the question, the answer as it comes, and the verdict. */
async function run(text: string): Promise<void> {
  if (running !== undefined || text.trim() === "") return;
  const stopper = new AbortController();
  running = stopper;
  lastQuestion = text;
  const answer = new AnswerView(thread);
  messages.push({ role: "user", content: text });
  welcome.hidden = true;
  turns.append(questionElement(text), answer.element);
  thread.scrollTop = thread.scrollHeight;
  wire?.clear();
  showRunning(true);
  status.classList.remove("quiet");
  status.textContent = "Answering…";

  const asked = { messages, faults: faults?.chosen ?? [], wire: wire !== undefined };
  for await (const note of ask(asked, stopper.signal)) show(note, answer);

  if (answer.text !== "") messages.push({ role: "assistant", content: answer.text });
  status.classList.add("quiet"); // the answer itself shows it
  status.textContent = `${answer.verdict?.name}: ${answer.verdict?.reason}`;
  running = undefined;
  showRunning(false);
}

function show(note: Note, answer: AnswerView): void {
  if (note.type !== "chunk" && note.type !== "value") answer.take(note);
  wire?.take(note);
}

function showRunning(isRunning: boolean): void {
  const hadFocus = document.activeElement === send || document.activeElement === stop;
  send.hidden = isRunning;
  stop.hidden = !isRunning;
  if (hadFocus) (isRunning ? stop : question).focus();
  faults?.offer({ label: "Ask again", isBusy: isRunning });
}

/** The question grows with its text, up to the height that the style sheet allows. */
function fitQuestion(): void {
  question.style.height = "auto";
  question.style.height = `${question.scrollHeight}px`;
}

function submit(): void {
  const text = question.value.trim();
  if (running !== undefined || text === "") return;
  question.value = "";
  fitQuestion();
  void run(text);
}

element("composer", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
question.addEventListener("input", fitQuestion);
question.addEventListener("keydown", (event) => {
  // Enter also ends a composition of characters, which is no wish to send.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  submit();
});
stop.addEventListener("click", () => running?.abort());
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") running?.abort();
});

turns.addEventListener("click", (event) => {
  if (event.target instanceof HTMLButtonElement && event.target.dataset["action"] === "copy")
    void copyCode(event.target);
});

async function copyCode(button: HTMLButtonElement): Promise<void> {
  const code = button.closest(".code-frame")?.querySelector("code")?.textContent ?? "";
  try {
    await navigator.clipboard.writeText(code);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Not allowed";
  }
  setTimeout(() => {
    button.textContent = "Copy";
  }, 1500);
}

/** On a narrow page the chat and the network take turns. */
const viewSwitch = element("view-switch", HTMLButtonElement);
viewSwitch.addEventListener("click", () => {
  const showsNetwork = document.body.dataset["view"] !== "network";
  document.body.dataset["view"] = showsNetwork ? "network" : "chat";
  viewSwitch.setAttribute("aria-pressed", String(showsNetwork));
  wire?.reveal();
});

function suggest(texts: readonly string[]): void {
  for (const text of texts) {
    const button = create("button", "suggestion", text);
    button.type = "button";
    button.addEventListener("click", () => {
      question.focus();
      void run(text);
    });
    const item = create("li");
    item.append(button);
    element("suggestions", HTMLElement).append(item);
  }
}

/** What the Worker is connected to decides what the page can show. */
async function arrange(): Promise<void> {
  const response = await fetch("/api/about");
  if (!response.ok) throw new Error(`The Worker answered HTTP ${response.status}`);
  const { model, demo, wire: hasWire }: About = await response.json();
  const source = element("source", HTMLElement);
  source.textContent = demo ? "Demo, no model" : model;
  source.hidden = false;
  suggest(demo ? DEMO_SUGGESTIONS : SUGGESTIONS);
  if (hasWire) {
    wire = new WireView();
    element("wire", HTMLElement).hidden = false;
  }
  if (demo) faults = new FaultChoice(() => void run(lastQuestion));
  document.body.classList.toggle("with-network", hasWire || demo);
}

arrange().catch(() => {
  status.textContent = "The Worker does not answer. Is it still running?";
});
question.focus();
