import { once } from "node:events";

/** What V8 answers to `Runtime.getHeapUsage`, in bytes: its own objects, the runtime's behind them, and the buffers of both. */
interface HeapUsage {
  usedSize: number;
  embedderHeapUsedSize: number;
  backingStorageSize: number;
}

/** The heap of one isolate of workerd, seen through its inspector. */
export class Heap {
  readonly #socket: WebSocket;
  /** Makes the isolate run: what the inspector asks for is not begun while it waits. */
  readonly #poke: () => Promise<unknown>;
  readonly #answers = new Map<number, (result: unknown) => void>();
  #calls = 0;

  private constructor(socket: WebSocket, poke: () => Promise<unknown>) {
    this.#socket = socket;
    this.#poke = poke;
    socket.addEventListener("message", ({ data }) => {
      const { id, result } = JSON.parse(String(data));
      this.#answers.get(id)?.(result);
      this.#answers.delete(id);
    });
  }

  /**
   * @param url the isolate's own, `ws:…`
   * @param poke sends a request that the isolate answers
   */
  static async open(url: string, poke: () => Promise<unknown>): Promise<Heap> {
    const socket = new WebSocket(url);
    await once(socket, "open");
    const heap = new Heap(socket, poke);
    await heap.#call("HeapProfiler.enable");
    return heap;
  }

  /** Collects the garbage. @returns how many bytes are left: those of what can be reached */
  async live(): Promise<number> {
    await this.#call("Runtime.discardConsoleEntries"); // an inspector keeps the last 1,000
    await this.#collect();
    await this.#collect(); // what the first has only let go of
    const usage = (await this.#call("Runtime.getHeapUsage")) as HeapUsage;
    return usage.usedSize + usage.embedderHeapUsedSize + usage.backingStorageSize;
  }

  close(): void {
    this.#socket.close();
  }

  async #collect(): Promise<void> {
    let isCollected = false;
    const collecting = this.#call("HeapProfiler.collectGarbage").then(() => {
      isCollected = true;
    });
    while (!isCollected) await Promise.race([this.#poke(), collecting]);
  }

  #call(method: string): Promise<unknown> {
    return new Promise((resolve) => {
      this.#answers.set(++this.#calls, resolve);
      this.#socket.send(JSON.stringify({ id: this.#calls, method }));
    });
  }
}
