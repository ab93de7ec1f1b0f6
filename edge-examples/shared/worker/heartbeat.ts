/**
 * A comment: every reader of events skips it. It keeps proxies from giving up, and it is how workerd finds out that the page has
 * gone while the upstream is silent: a closed connection shows itself only when something is written to it.
 */
export const HEARTBEAT: Uint8Array<ArrayBuffer> = new TextEncoder().encode(": keep-alive\n\n");

/** What the promise resolves to, or undefined when it takes longer. A timer exists only meanwhile. */
export async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
