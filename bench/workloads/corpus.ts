/** JSON objects out of recorded streams: the sizes and shapes that providers really send. */

/** Where recorded streams lie, if there are any; a runtime without an environment or files has none. */
const folder = globalThis.process?.env?.["SLUICE_CORPUS"];
const files = folder === undefined ? undefined : globalThis.process.getBuiltinModule?.("node:fs");

export const hasCorpus = files !== undefined;

/** The objects of all recorded event streams, file by file, again and again until there are enough. */
export function corpusValues(count: number): object[] {
  const recorded = recordedValues();

  return Array.from({ length: count }, (_, index) => recorded[index % recorded.length] ?? {});
}

/**
 * Data that is a whole object in one line, and no error: what every contender reads. The rest of a recording (broken events,
 * comments, errors) is for tests, not for a race.
 */
function recordedValues(): object[] {
  if (folder === undefined || files === undefined) return [];
  const names = files
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".sse"));
  const lines = names.sort().flatMap((name) => files.readFileSync(`${folder}/${name}`, "utf8").split(/\r\n|\r|\n/));

  return lines.flatMap((line) => objectIn(line) ?? []);
}

function objectIn(line: string): object | undefined {
  if (!line.startsWith("data:")) return undefined;
  try {
    const value: unknown = JSON.parse(line.slice("data:".length));
    return typeof value === "object" && value !== null && !Array.isArray(value) && !("error" in value)
      ? value
      : undefined;
  } catch {
    return undefined;
  }
}
