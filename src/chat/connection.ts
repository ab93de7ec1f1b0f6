import { open, type Read } from "../source.js";

/** How long a connection may take to end by itself once the answer is whole, so that it can be used again. */
const MOMENT = 50;
/** And how many chunks it may still send: one that never waits would leave no time to anybody. */
const MOMENT_READS = 8;

/** The source of an answer. It is told once that nobody reads on, unless it has ended by itself. */
export interface Connection {
  /** Gives what the source gives, which an iterator may get wrong. */
  read: () => Promise<Read<unknown>>;
  /** Tells the source, if it has not ended. */
  cancel: (reason?: unknown) => void;
  /** Settled when a source that was cancelled has done what it does then, which may be never. */
  cancelled: Promise<void>;
  /** Lets go of a source that has ended or failed by itself. */
  release: () => void;
  /** The answer is whole: gives the connection a moment to end by itself. Settled when it has, or had it. */
  drain: () => Promise<void>;
}

/** Claims a source. @throws TypeError when it is none, or locked or used */
export function connect(from: unknown): Connection {
  const source = open(from);
  let isOpen = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let onClosed = (): void => undefined;

  /** @returns whether it was open until now */
  function close(): boolean {
    const wasOpen = isOpen;
    isOpen = false;
    clearTimeout(timer);
    onClosed();
    return wasOpen;
  }

  const connection: Connection = {
    read() {
      try {
        return Promise.resolve(source.read());
      } catch (error) {
        return Promise.reject(error);
      }
    },
    cancel(reason) {
      if (close()) connection.cancelled = source.cancel(reason).catch(() => undefined);
    },
    cancelled: Promise.resolve(),
    release() {
      if (close()) source.release();
    },
    drain() {
      if (!isOpen) return connection.cancelled;
      const drained = new Promise<void>((resolve) => {
        onClosed = resolve;
      });
      timer = setTimeout(connection.cancel, MOMENT);
      readOn(MOMENT_READS);
      return drained;
    },
  };

  function readOn(reads: number): void {
    connection
      .read()
      .then(({ done }) => {
        if (done) connection.release();
        else if (reads === 0) connection.cancel();
        else if (isOpen) readOn(reads - 1);
      })
      .catch(connection.release);
  }

  return connection;
}
