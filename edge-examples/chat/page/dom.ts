/** The element of the page with this id, which must be of this kind. */
export function element<T extends Element>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`The page has no ${kind.name} with the id ${id}`);
}

/** A new element with a class and, if given, text. */
export function create<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  text?: string,
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className !== "") made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** How far from its end a scroller still counts as being there. */
const END_ZONE = 48;

export function isAtEnd(scroller: Element): boolean {
  return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < END_ZONE;
}

/** Runs a change that may make the content longer; the view stays at the end if it was there, and where it was if not. */
export function keepingEnd(scroller: Element, change: () => void): void {
  const wasAtEnd = isAtEnd(scroller);
  change();
  if (wasAtEnd) scroller.scrollTop = scroller.scrollHeight;
}

/** Collects what happens between two frames; `flush` does at once what is left. */
export function perFrame(work: () => void): { request: () => void; flush: () => void } {
  let frame: number | undefined;
  const run = (): void => {
    frame = undefined;
    work();
  };
  return {
    request() {
      frame ??= requestAnimationFrame(run);
    },
    flush() {
      if (frame === undefined) return;
      cancelAnimationFrame(frame);
      run();
    },
  };
}
