import type { About } from "../about.ts";
import { Composer } from "./composer.ts";
import { element } from "./dom.ts";
import { Follower } from "./follow.ts";
import { FaultChoice } from "./network/fault-choice.ts";
import { NetworkPanel } from "./network/panel.ts";
import { Session, type SessionOptions } from "./session.ts";
import { suggest } from "./welcome.ts";

const status = element("status", HTMLElement);

async function about(): Promise<About> {
  const response = await fetch("/api/about");
  if (!response.ok) throw new Error(`The Worker answered HTTP ${response.status}`);
  return response.json();
}

/** Puts the page together: what the Worker is connected to decides what there is to see. */
function start({ model, demo, deadlines }: About): void {
  const latest = element("latest", HTMLButtonElement);
  const follower = new Follower(element("thread", HTMLElement), (follows) => {
    latest.hidden = follows;
  });
  latest.addEventListener("click", () => follower.toEnd());

  const ask = (question: string): void => void session.ask(question);
  const composer = new Composer({ onAsk: ask, onStop: () => session.stop() });
  const panel = new NetworkPanel({ isOpen: demo });
  const faults = demo ? new FaultChoice(() => ask(session.lastQuestion ?? "What is sluice?")) : undefined;
  const clear = element("clear", HTMLButtonElement);

  const onChange: SessionOptions["onChange"] = ({ isRunning, isEmpty, verdict }) => {
    element("welcome", HTMLElement).hidden = !isEmpty;
    clear.hidden = isEmpty;
    composer.show({ isRunning });
    faults?.offer({ label: isEmpty ? "Try it" : "Ask again", isBusy: isRunning });
    status.classList.toggle("quiet", !isRunning); // the answer itself shows it
    status.textContent = isRunning ? "Answering…" : verdict === undefined ? "" : `${verdict.name}: ${verdict.reason}`;
  };
  const session = new Session({
    turns: element("turns", HTMLElement),
    follower,
    deadlines,
    faults: () => faults?.chosen ?? [],
    network: panel,
    onChange,
  });
  clear.addEventListener("click", () => {
    session.clear();
    composer.focus();
  });

  const source = element("source", HTMLElement);
  source.textContent = demo ? "Demo, no model" : model;
  source.hidden = false;
  suggest(demo, ask);
  session.restore();
  composer.focus();
  document.body.dataset["state"] = "ready";
}

about().then(start, () => {
  status.textContent = "The Worker does not answer. Is it still running?";
});
