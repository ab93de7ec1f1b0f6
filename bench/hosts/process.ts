import type { Answer, Question } from "../seat.ts";
import type { Host } from "./host.ts";
import { type Peer, start } from "./lines.ts";

/** A host that is a program; other commands than the comparison start modules in it too. */
export interface ProcessHost extends Host {
  readonly command: string;
  readonly runtimeArguments: readonly string[];
}

const childModule = new URL("./child.ts", import.meta.url);

/** A process per contender, kept for all rounds: idle while others run, with a heap and compiled code of its own. */
export function processHost(title: string, command: string, runtimeArguments: readonly string[] = []): ProcessHost {
  const peers = new Set<Peer<Question, Answer>>();

  return {
    title,
    command,
    runtimeArguments,

    async open(contender) {
      const peer = start<Question, Answer>(command, runtimeArguments, childModule, contender);
      peers.add(peer);

      return {
        ask: peer.ask,
        async close() {
          peers.delete(peer);
          await peer.close();
        },
      };
    },

    async close() {
      for (const { process } of peers) process.kill();
    },
  };
}
