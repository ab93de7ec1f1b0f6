// The fault table: every way in which an answer can fail, for every dialect and cut, served by a real HTTP server, read by sluice
// and by its rivals. `npm run faults` prints it, `npm run faults -- --write` keeps it in docs/faults.md, `npm run faults -- linear`
// measures doublings, `npm run faults -- agree` compares recordings with the SDKs. Fails when sluice is not right everywhere.
import { writeFile } from "node:fs/promises";
import { type Transcript, transcripts } from "../chat/transcripts.ts";
import { printAgreement } from "./agree.ts";
import { cuts, type Fault, faultsOf } from "./faults.ts";
import { printDoublings } from "./linear.ts";
import { ours, type Read, rivals, type Verdict } from "./readers.ts";
import { FaultServer } from "./server.ts";

const PATIENCE = 1000; // of a reader that has no deadline

interface Score {
  right: number;
  runs: number;
  silent: number; // took what is not whole for whole
  hung: number;
}

if (process.argv.includes("linear")) await printDoublings();
else if (process.argv.includes("agree")) await printAgreement();
else await printFaults();

async function printFaults(): Promise<void> {
  const server = new FaultServer();
  await server.listen();
  const names = ["sluice", ...Object.keys(rivals)];
  const table = new Map<string, Map<string, Score>>();
  const wrong: string[] = [];
  for (const transcript of transcripts) {
    for (const fault of faultsOf(transcript)) {
      for (const name of names) {
        const read = name === "sluice" ? ours(transcript.options) : rivals[name]?.[transcript.name];
        if (read === undefined) continue;
        const score = scoreOf(table, fault.name, name);
        const attempts = cuts.map((cut) => attempt(server, transcript, fault, cut.of(fault.plan.body), read));
        for (const [index, verdict] of (await Promise.all(attempts)).entries()) {
          const isRight = judge(verdict, fault, transcript, name === "sluice");
          score.runs++;
          if (isRight) score.right++;
          else if (verdict.outcome === "hung") score.hung++;
          else if (verdict.outcome === "complete" && fault.outcome !== "complete") score.silent++;
          if (!isRight && name === "sluice") {
            wrong.push(`${transcript.name}, ${fault.name}, ${cuts[index]?.name}: ${JSON.stringify(verdict)}`);
          }
        }
      }
    }
  }
  server.close();
  const text = render(table, names);
  console.log(text);
  for (const line of wrong) console.error(`wrong: ${line}`);
  if (process.argv.includes("--write")) await writeFile(new URL("../../docs/faults.md", import.meta.url), text);
  process.exit(wrong.length > 0 ? 1 : 0); // rivals may keep sockets
}

async function attempt(
  server: FaultServer,
  transcript: Transcript,
  fault: Fault,
  chunks: Uint8Array[],
  read: Read,
): Promise<Verdict> {
  const { url, wasLeft } = server.plan({ ...fault.plan, chunks });
  const button = new AbortController();
  const hasText = transcript.deltas.some((delta) => (delta as { type: string }).type === "text");
  const onText = (): boolean => {
    if (fault.action === "abort" && hasText) setTimeout(() => button.abort(), 20);
    return fault.action !== "break";
  };
  const verdict = await Promise.race([
    read(url, button.signal, onText),
    after(PATIENCE, { outcome: "hung", text: "" }),
  ]);
  if (verdict.outcome === "hung") button.abort();
  if (verdict.outcome !== "left") return verdict;
  for (let waited = 0; waited < 20 && !wasLeft(); waited++) await after(10, undefined);
  return wasLeft() ? verdict : { ...verdict, outcome: "left, and the server was never told" };
}

/** Whether what was said is true: ours by its word, a rival's as far as it has words, whole or not. */
function judge({ outcome, text }: Verdict, fault: Fault, { deltas }: Transcript, isOurs: boolean): boolean {
  if (fault.outcome === "complete") return outcome === "complete" && text === textOf(deltas);
  if (isOurs || fault.outcome === "left") return outcome === fault.outcome;
  return outcome === "told";
}

function textOf(deltas: readonly object[]): string {
  return (deltas as { type: string; text: string }[]).reduce(
    (all, { type, text }) => (type === "text" ? all + text : all),
    "",
  );
}

function after<T>(ms: number, value: T): Promise<T> {
  return new Promise((resolve) => setTimeout(resolve, ms, value));
}

function scoreOf(table: Map<string, Map<string, Score>>, fault: string, name: string): Score {
  const row = table.get(fault) ?? new Map<string, Score>();
  table.set(fault, row);
  const score = row.get(name) ?? { right: 0, runs: 0, silent: 0, hung: 0 };
  row.set(name, score);
  return score;
}

function render(table: Map<string, Map<string, Score>>, names: readonly string[]): string {
  const cell = (score: Score | undefined): string => {
    if (score === undefined) return "–";
    const { right, runs, silent, hung } = score;
    const notes = [silent > 0 ? `${silent} silent` : "", hung > 0 ? `${hung} hang` : ""].filter((note) => note !== "");
    return `${right}/${runs}${notes.length > 0 ? ` (${notes.join(", ")})` : ""}`;
  };
  const rows = [...table].map(
    ([fault, scores]) => `| ${fault} | ${names.map((name) => cell(scores.get(name))).join(" | ")} |`,
  );
  const total = names.map((name) => {
    const all = [...table.values()].flatMap((row) => row.get(name) ?? []);
    return `${all.reduce((sum, { right }) => sum + right, 0)}/${all.reduce((sum, { runs }) => sum + runs, 0)}`;
  });
  return `# What becomes of a broken answer

Each cell: how often the reader told the truth, of how many runs. A run is one dialect's transcript under one of the cuts (${cuts.map(({ name }) => name).join(", ")}),
served by an HTTP server on loopback. Rivals read the dialects they are made for, without retries. For sluice the truth is the
exact outcome; for a rival it is enough that it throws (or gives an error part), and that it gives all text of what is whole.
*silent*: it took for whole what is not. *hang*: no word within ${PATIENCE} ms (sluice has \`deadlines\`). \`break\`: the server learns that
the reader has left.

Made by \`npm run faults -- --write\` in Node ${process.version.slice(1)}.

| | ${names.join(" | ")} |
|---|${names.map(() => "---|").join("")}
${rows.join("\n")}
| **all** | ${total.map((each) => `**${each}**`).join(" | ")} |
`;
}
