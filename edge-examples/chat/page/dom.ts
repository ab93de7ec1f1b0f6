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

/** Work that is put off, to be done once for all that has asked for it. */
export interface Deferred {
  request: () => void;
  /** Does it now, if it has been asked for. */
  flush: () => void;
}

/** A page that nobody looks at gets no frames, but its answers come on. */
const LONGEST_FRAME = 250;

/** Collects what happens between two frames, and does it once. */
export function perFrame(work: () => void): Deferred {
  let frame: number | undefined;
  const timer = every(LONGEST_FRAME, () => {
    if (frame !== undefined) cancelAnimationFrame(frame);
    frame = undefined;
    work();
  });
  return {
    request() {
      timer.request();
      frame ??= requestAnimationFrame(timer.flush);
    },
    flush: timer.flush,
  };
}

/** Collects what happens in so many milliseconds, and does it once. */
export function every(milliseconds: number, work: () => void): Deferred {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = (): void => {
    clearTimeout(timer);
    timer = undefined;
    work();
  };
  return {
    request() {
      timer ??= setTimeout(run, milliseconds);
    },
    flush() {
      if (timer !== undefined) run();
    },
  };
}
