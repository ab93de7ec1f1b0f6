import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { features, type Probes, ways } from "../conformance/probes.ts";

const page = fileURLToPath(new URL("../../docs/runtimes.md", import.meta.url));
const BEGIN = "<!-- probes -->";
const END = "<!-- /probes -->";

/** What a runtime answered, under its name. */
export interface Column {
  readonly name: string;
  readonly version: string;
  readonly probes: Probes;
  readonly isPinned: boolean;
}

function tableOf(columns: readonly Column[], questions: readonly string[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rows = questions.map((question) => row([question, ...columns.map(({ probes }) => probes[question] ?? "?")]));
  return [row(["", ...columns.map(({ name }) => name)]), `|${"---|".repeat(columns.length + 1)}`, ...rows].join("\n");
}

function tables(columns: readonly Column[]): string {
  return [
    `Asked of ${columns.map(({ name, version }) => `${name} (${version})`).join(", ")}.`,
    "### What there is",
    tableOf(columns, Object.keys(features)),
    "### What is done in a way that one may not expect",
    tableOf(columns, Object.keys(ways)),
  ].join("\n\n");
}

/** Writes the tables into the page. */
export async function writeTables(columns: readonly Column[]): Promise<void> {
  const text = await readFile(page, "utf8");
  const [before = "", rest = ""] = text.split(BEGIN);
  const [, after = ""] = rest.split(END);
  await writeFile(page, `${before}${BEGIN}\n\n${tables(columns)}\n\n${END}${after}`);
}

export interface Disagreement {
  readonly text: string;
  /** Whether the page must be mended; a browser that the system has updated only makes it old. */
  readonly isWrong: boolean;
}

/** In which cells the page says otherwise than the runtimes do. */
export async function compareTables(columns: readonly Column[]): Promise<Disagreement[]> {
  const lines = (await readFile(page, "utf8")).split("\n").filter((line) => line.startsWith("| "));
  const rows = lines.map((line) => line.slice(2, -2).split(" | "));
  const names = rows[0] ?? [];
  const disagreements: Disagreement[] = [];
  for (const { name, probes, isPinned } of columns) {
    const at = names.indexOf(name);
    for (const question of [...Object.keys(features), ...Object.keys(ways)]) {
      const written = at === -1 ? undefined : rows.find(([first]) => first === question)?.[at];
      if (written === probes[question]) continue;
      const text = `${name}, ${question}: ${probes[question]}; docs/runtimes.md says ${written ?? "nothing"}`;
      disagreements.push({ text, isWrong: isPinned || written === undefined });
    }
  }
  return disagreements;
}
