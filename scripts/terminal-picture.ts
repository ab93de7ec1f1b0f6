const CELL = 7.8; // pixels, at this size of type
const LINE = 18;
const MARGIN = 16;

/** The colours and weights that the command uses. */
const STYLES: Readonly<Record<string, string>> = {
  "1": "b",
  "2": "d",
  "31": "r",
  "32": "g",
  "33": "y",
  "36": "c",
};
const ENDS: Readonly<Record<string, readonly string[]>> = { "22": ["b", "d"], "39": ["r", "g", "y", "c"] };

/** What a terminal shows of this text, as SVG. */
export function terminalPicture(text: string): string {
  const lines = text.trimEnd().split("\n").map(spans);
  const columns = Math.max(...lines.map((line) => line.reduce((sum, { text }) => sum + text.length, 0)));
  const width = Math.ceil(2 * MARGIN + columns * CELL);
  const height = 2 * MARGIN + lines.length * LINE;
  const drawn = lines.map((line, row) => lineOf(line, MARGIN + row * LINE + LINE * 0.72)).join("\n");
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<style>text{font:13px ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#dfe5e2;white-space:pre}.b{font-weight:700}.d{fill:#8b9895}.r{fill:#f2978b}.g{fill:#7fcb9e}.y{fill:#e5b866}.c{fill:#6fcac3}</style>
<rect width="100%" height="100%" rx="8" fill="#141a19"/>
${drawn}
</svg>
`;
}

interface Span {
  text: string;
  classes: string;
}

function spans(line: string): Span[] {
  const made: Span[] = [];
  let classes: readonly string[] = [];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences of a terminal begin with one
  for (const [, code, text] of line.matchAll(/\u001b\[(\d+)m|([^\u001b]+)/g)) {
    if (text !== undefined) made.push({ text, classes: classes.join(" ") });
    else if (code !== undefined && code in STYLES) classes = [...classes, STYLES[code] ?? ""];
    else classes = classes.filter((each) => !ENDS[code ?? ""]?.includes(each));
  }
  return made;
}

function lineOf(line: readonly Span[], y: number): string {
  let column = 0;
  const parts = line.map(({ text, classes }) => {
    const x = (MARGIN + column * CELL).toFixed(1);
    const length = (text.length * CELL).toFixed(1); // whatever the font, columns stay columns
    column += text.length;
    const style = classes === "" ? "" : ` class="${classes}"`;
    return text.trim() === ""
      ? ""
      : `<text x="${x}" y="${y.toFixed(1)}" textLength="${length}"${style}>${escaped(text)}</text>`;
  });
  return parts.join("");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
