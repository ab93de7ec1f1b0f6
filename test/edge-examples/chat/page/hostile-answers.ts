/**
 * Answers that make parsers and browsers slow, or crash them. `size` is about how long each is, in
 * characters, but for the last two.
 */
export function hostileAnswers(size: number): [name: string, text: string][] {
  const times = (unit: string): string => unit.repeat(Math.ceil(size / unit.length));
  const lines = (line: (index: number) => string): string => {
    let text = "";
    for (let index = 0; text.length < size; index++) text += line(index);
    return text;
  };
  return [
    ["nested quotes", times(">")],
    ["nested quotes with spaces", times("> ")],
    ["nested lists", times("- ")],
    ["lists that nest line by line", lines((index) => `${" ".repeat(2 * index)}- a\n`)],
    ["a line of words", times("word ")],
    ["a line without a space", times("x")],
    ["open brackets", times("[")],
    ["emphasis that never closes", times("*a **b ")],
    ["underscores", times("a_")],
    ["a code block", `\`\`\`js\n${times("const a = 1;\n")}`],
    ["a code line", `\`\`\`\n${times("y")}`],
    ["a table", `| a | b |\n|---|---|\n${times("| 1 | 2 |\n")}`],
    ["a list", times("1. item\n")],
    ["bidirectional overrides", times("\u202eabc \u2066def ")],
    ["combining marks", `a${times("\u0301")}`],
    ["links that refer to one another", lines((index) => `[a${index}]: https://e.example/\n\n[x][a${index}]\n\n`)],
    ["markup", times("<b><i onclick=alert(1)>")],
    ["huge images", times("![x](https://e.example/100000x100000.png)\n")],
    ["links that would run", times("[x](javascript:alert(1)) ")],
    ["100,000 nested quotes", ">".repeat(100_000)],
    ["a line of 1 MB", "word ".repeat(200_000)],
  ];
}
