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
