import { connect, createServer, type Server, type Socket } from "node:net";

/** A network cable between the page and the Worker, which can be pulled out, and can go dead without anybody noticing. */
export class Cable {
  readonly #to: number;
  readonly #sockets: Set<Socket> = new Set();
  #server: Server | undefined;
  #port = 0;
  #isFrozen = false;

  /** @param url where it leads */
  constructor(url: string) {
    this.#to = Number(new URL(url).port);
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Puts it in, again on the same port. */
  async plug(): Promise<void> {
    this.#isFrozen = false;
    const server = createServer((near) => {
      const far = connect(this.#to, "127.0.0.1");
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(one);
        one.setNoDelay(true);
        one.on("error", () => undefined); // that is what it is for
        one.on("close", () => {
          this.#sockets.delete(one);
          other.destroy();
        });
        if (!this.#isFrozen) one.pipe(other);
      }
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, "127.0.0.1", resolve));
    const address = server.address();
    if (typeof address === "object" && address !== null) this.#port = address.port;
  }

  /** Every connection breaks, and none can be made. */
  async pull(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await closed;
  }

  /** Nothing passes any more, and nobody is told. */
  freeze(): void {
    this.#isFrozen = true;
    for (const socket of this.#sockets) {
      socket.unpipe();
      socket.pause();
    }
  }
}
