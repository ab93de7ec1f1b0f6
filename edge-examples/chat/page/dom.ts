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

/** A page that nobody looks at gets no frames, but its answers come on. */
const LONGEST_FRAME = 250;

/** Collects what happens between two frames, and does it once. */
export function perFrame(work: () => void): { request: () => void; flush: () => void } {
  let frame: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = (): void => {
    if (frame !== undefined) cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = timer = undefined;
    work();
  };
  return {
    request() {
      if (frame !== undefined) return;
      frame = requestAnimationFrame(run);
      timer = setTimeout(run, LONGEST_FRAME);
    },
    flush() {
      if (frame !== undefined) run();
    },
  };
}
