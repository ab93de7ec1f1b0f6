/** One way from an upstream's response to the client's, written as its users would write it in a Worker. */
export interface Path {
  readonly title: string;
  /** `same`: the client gets the upstream's bytes. `renamed`: every event has another `model`. */
  readonly gives: "same" | "renamed";
  /** @param note takes what the gateway learnt: called once, when the answer is over */
  readonly pass: (upstream: Response, note: (learnt: unknown) => void) => Response;
}

export const RENAMED = "house-model";

/** The one field that a renaming path rewrites. */
export function rename<T extends object>(value: T): T & { model: string } {
  return { ...value, model: RENAMED };
}
