/** Work that is put off, to be done once for all that has asked for it. */
export interface Deferred {
  request: () => void;
  /** Does it now, if it has been asked for. */
  flush: () => void;
}

/** What is done once a frame. */
export interface Drawing extends Deferred {
  /** Asks for the next frame, without a rest: not all could be done in this one. */
  again: () => void;
}

/** A page that nobody looks at gets no frames, but its answers come on. */
const LONGEST_FRAME = 250;

/**
 * Collects what happens between two frames, and does it once. Between two of these the browser rests twice as long as the last
 * one took it, with all that it has to draw then: the slower it is the more is left for everything else.
 */
export function perFrame(work: () => void): Drawing {
  let rested = 0;
  let rest: ReturnType<typeof setTimeout> | undefined;
  let frame: number | undefined;
  const timer = every(LONGEST_FRAME, () => {
    clearTimeout(rest);
    if (frame !== undefined) cancelAnimationFrame(frame);
    rest = frame = undefined;
    const began = performance.now();
    work();
    setTimeout(() => {
      const drawn = performance.now();
      rested = drawn + 2 * (drawn - began);
    });
  });
  const nextFrame = (): void => {
    frame ??= requestAnimationFrame(timer.flush);
  };
  return {
    request() {
      timer.request();
      const time = rested - performance.now();
      if (time > 0) rest ??= setTimeout(nextFrame, time);
      else nextFrame();
    },
    again() {
      timer.request();
      nextFrame();
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
