/** Values written as the wire writes them: one string per event or line, so that a workload can be cut at their ends. */

/** Events without a name, and the sentinel that ends them. */
export function dataEvents(values: readonly unknown[]): string[] {
  return [...values.map((value) => `data: ${JSON.stringify(value)}\n\n`), "data: [DONE]\n\n"];
}

/** Events that carry their `type` as their name too, as Anthropic and the Responses API write them. */
export function namedEvents(values: readonly { type: string }[]): string[] {
  return values.map((value) => `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`);
}

export function jsonLines(values: readonly unknown[]): string[] {
  return values.map((value) => `${JSON.stringify(value)}\n`);
}
