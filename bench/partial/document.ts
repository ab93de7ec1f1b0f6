/** The text in pieces of this size, each a string of its own, as what a decoder gives is: no slice of one long text. */
export function pieces(text: string, size: number): string[] {
  if (size >= text.length) return [text];
  const cut: string[] = [];
  for (let at = 0; at < text.length; at += size) cut.push(JSON.parse(JSON.stringify(text.slice(at, at + size))));

  return cut;
}

/** About 400 KB: a list such as a model writes, of 1,500 items of seven members each. */
export function list(): string {
  const items = Array.from({ length: 1500 }, (_, id) => ({
    id,
    name: `Item number ${id}`,
    price: Math.round(id * 137.31) / 100,
    inStock: id % 3 !== 0,
    tags: ["alpha", "beta", `t${id % 17}`],
    description: `A "quoted" word, an é and a line\nbreak; some longer text that a model would write about item ${id}, with detail and care.`,
    note: id % 5 === 0 ? "x".repeat(20) : null,
  }));

  return JSON.stringify({ title: "List", items });
}

/** A document of about `size` characters that is still open, and text that goes on in it chunk by chunk. */
export interface Shape {
  readonly title: string;
  readonly open: (size: number) => string;
  readonly next: (index: number) => string;
}

export const shapes: Readonly<Record<string, Shape>> = {
  array: {
    title: "an array of short items",
    open: (size) =>
      `{"items":[${'{"id":1,"name":"some name","tags":["a","b"],"price":12.5,"about":"a few words, or ten"},'.repeat(Math.max(1, size / 92))}{"text":"`,
    next: () => "words",
  },
  object: {
    title: "an object of short members",
    open: (size) =>
      `{${Array.from({ length: Math.max(1, size / 100) }, (_, index) => `"key number ${index}":"${"value ".repeat(13)}"`).join(",")},"text":"`,
    next: () => "words",
  },
  elements: {
    title: "an array that gets an element with each chunk",
    open: (size) =>
      `[${'"some words, and then some more of them, to fill it up to a hundred characters, as all items are here",'.repeat(Math.max(1, size / 100))}`,
    next: () => '"ab",',
  },
  keys: {
    title: "an object that gets a member with each chunk",
    open: (size) =>
      `{${Array.from({ length: Math.max(1, size / 100) }, (_, index) => `"key number ${index}":"${"value ".repeat(13)}",`).join("")}`,
    next: (index) => `"n${index}":1,`,
  },
  string: { title: "one long string", open: (size) => `{"text":"${"word ".repeat(size / 5)}`, next: () => "words" },
  deep: {
    title: "containers 500 deep",
    open: (size) => `${'{"a":['.repeat(250)}"${"word ".repeat(size / 5)}`,
    next: () => "words",
  },
};
