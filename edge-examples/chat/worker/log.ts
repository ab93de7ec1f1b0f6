import type { Message } from "sluice/chat";

/**
 * One line of JSON for each answer, when it is over: what became of it, what it cost, how long it took. No text of anybody,
 * and no error in a provider's words, which may quote a key.
 */
export function logAnswer({ outcome, via, finish, model, usage, errors }: Message, times: Times): void {
  const { raw: _, ...tokens } = usage ?? { raw: undefined };
  console.log(
    JSON.stringify({
      event: "answer",
      outcome,
      via,
      finish: finish?.reason,
      error: errors[0]?.code,
      model,
      tokens,
      milliseconds: { first: times.first, total: Date.now() - times.began },
    }),
  );
}

/** When the upstream was asked, and how many milliseconds later it had something to say. */
export interface Times {
  began: number;
  first?: number;
}
