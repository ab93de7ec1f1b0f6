import { create } from "../../../src/cli/inspect/page/dom.ts";

export { create };

/** The element of the page with this id, which must be of this kind. */
export function element<T extends Element>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`The page has no ${kind.name} with the id ${id}`);
}

/** A button that does something. */
export function button(className: string, text: string, onClick: () => void): HTMLButtonElement {
  const made = create("button", className, text);
  made.type = "button";
  made.addEventListener("click", onClick);
  return made;
}
