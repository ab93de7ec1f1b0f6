const { port1, port2 } = new MessageChannel();
port1.start();

/** Lets other tasks run. Without a timer: in WebKit those of a worker wait until it has nothing else to do. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    port1.addEventListener("message", () => resolve(), { once: true });
    port2.postMessage(undefined);
  });
}
