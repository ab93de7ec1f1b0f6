import type { Answer } from "../seat.ts";
import { bundle } from "./bundle.ts";
import type { Host } from "./host.ts";
import { type TimedWorker, timedWorker, workerd } from "./workerd-clock.ts";

/** Cloudflare's runtime, one for each contender. */
export function workerdHost(): Host {
  const workers = new Set<TimedWorker>();

  return {
    ...workerd,

    async open(contender) {
      const script = await bundle(
        `import { contender } from "./contenders/${contender}.ts";
        import { worker } from "./hosts/worker.ts";
        export default worker(contender);`,
        ["workerd", "worker"],
      );
      const worker = await timedWorker(script);
      workers.add(worker);

      return {
        async ask(question) {
          const { bytes, milliseconds } = await worker.request(JSON.stringify(question));
          const answer: Answer = JSON.parse(new TextDecoder().decode(bytes));

          return { ...answer, milliseconds };
        },
        async close() {
          workers.delete(worker);
          await worker.close();
        },
      };
    },

    async close() {
      await Promise.all([...workers].map((worker) => worker.close()));
    },
  };
}
