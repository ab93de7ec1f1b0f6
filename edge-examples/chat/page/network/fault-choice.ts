import { type Fault, isFault } from "../../faults.ts";
import { create, element } from "../dom.ts";

interface Group {
  name: string;
  kind: "radio" | "checkbox";
  /** "" is the choice of none. */
  choices: readonly (readonly [fault: Fault | "", label: string])[];
}

const GROUPS: readonly Group[] = [
  {
    name: "Chunks",
    kind: "radio",
    choices: [
      ["", "As sent"],
      ["cut-anywhere", "Cut anywhere"],
      ["one-byte", "One byte each"],
      ["split-characters", "Inside characters"],
    ],
  },
  {
    name: "Clutter",
    kind: "checkbox",
    choices: [
      ["crlf", "CRLF"],
      ["noise", "Comments"],
      ["control-characters", "Control characters"],
      ["split-json", "Split JSON"],
    ],
  },
  {
    name: "Accident",
    kind: "radio",
    choices: [
      ["", "None"],
      ["malformed", "Malformed event"],
      ["error", "Provider error"],
      ["early-end", "Ends early"],
      ["cut", "Cut"],
      ["stall", "Stall"],
      ["length", "Length limit"],
      ["filter", "Content filter"],
    ],
  },
];

/** What networks do on any day: chosen when the page opens. */
const DEFAULT: Fault = "cut-anywhere";

/** The form in which the visitor chooses how the network misbehaves. */
export class FaultChoice {
  readonly #form = element("faults", HTMLFormElement);
  readonly #again = create("button", "again", "Try it");

  /** @param onAgain when the visitor wants to see what the choice does */
  constructor(onAgain: () => void) {
    this.#again.type = "submit";
    this.#form.append(...GROUPS.map(fieldset), this.#again);
    this.#form.hidden = false;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      onAgain();
    });
  }

  get chosen(): Fault[] {
    return [...new FormData(this.#form).values()].filter(isFault);
  }

  /** Says what the button does now. */
  offer({ label, isBusy }: { label: string; isBusy: boolean }): void {
    this.#again.textContent = label;
    this.#again.disabled = isBusy;
  }
}

function fieldset({ name, kind, choices }: Group): HTMLFieldSetElement {
  const set = create("fieldset");
  const row = create("div", "choices");
  for (const [fault, label] of choices) {
    const input = create("input");
    input.type = kind;
    input.name = kind === "radio" ? name : fault;
    input.value = fault;
    input.defaultChecked = fault === DEFAULT || (fault === "" && name !== "Chunks");
    const choice = create("label", "choice");
    choice.append(input, create("span", "", label));
    row.append(choice);
  }
  set.append(create("legend", "", name), row);
  return set;
}
