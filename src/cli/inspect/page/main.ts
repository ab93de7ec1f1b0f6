import { type Fact, factsOf, OUTCOMES, placeOf, sentenceOf } from "../facts.js";
import type { Report } from "../report.js";
import { type ChunkMap, chunkMap, chunkMapLegend } from "./chunk-map.js";
import { create } from "./dom.js";
import { latencyPlot } from "./latency-plot.js";

/** The page of a report: it draws what stands in the page as JSON. */

const data = document.getElementById("report");
if (data !== null) document.body.prepend(...pageOf(JSON.parse(data.textContent ?? "") as Report));

function pageOf(report: Report): HTMLElement[] {
  const facts = factsOf(report);
  const map = mapOf(report);
  const main = create("main");
  main.append(verdict(report), section("What came", [list([...facts.body, ...facts.content])]));
  if (report.problems.count > 0) main.append(section("What was wrong", problems(report, map)));
  main.append(section("Byte by byte", [map.element, chunkMapLegend(), ...notes(report)]));
  if (facts.times.length > 0) {
    const { timeline, times } = report;
    const plot = times === undefined ? [] : latencyPlot(timeline, times);
    main.append(section("When it came", [list(facts.times), ...plot]));
  }
  return [header(report), main];
}

function header({ source: { name } }: Report): HTMLElement {
  const head = create("header");
  const [folder = "", file = name] = /^(.*\/)?(.*)$/s.exec(name)?.slice(1) ?? [];
  const title = create("h1");
  title.append(create("span", "folder", folder), file);
  head.append(create("p", "tool", "sluice inspect"), title);
  return head;
}

function verdict(report: Report): HTMLElement {
  const { outcome } = report;
  const box = create("p", `verdict ${outcome}`);
  box.append(create("strong", "", OUTCOMES[outcome]), ` ${sentenceOf(report)}`);
  return box;
}

function section(title: string, content: readonly HTMLElement[]): HTMLElement {
  const made = create("section");
  made.append(create("h2", "", title), ...content);
  return made;
}

function list(facts: readonly Fact[]): HTMLElement {
  const rows = create("dl");
  for (const { label, text, meaning, isStriking } of facts) {
    const found = create("dd", isStriking ? "striking" : "", text);
    if (meaning !== undefined) found.append(create("small", "", meaning));
    rows.append(create("dt", "", label), found);
  }
  return rows;
}

function problems({ problems: { count, first }, source, map: { chunks } }: Report, map: ChunkMap): HTMLElement[] {
  const items = create("ol", "problems");
  for (const problem of first) {
    const item = create("li");
    item.append(create("p", "", problem.message));
    const where = placeOf(problem, source.kind !== "file");
    if (where !== "" && source.kind !== "file" && problem.chunk <= chunks.length) {
      const button = create("button", "", where);
      button.type = "button";
      button.addEventListener("click", () => map.show(problem.chunk - 1));
      item.append(create("small"));
      item.lastChild?.appendChild(button);
    } else if (where !== "") item.append(create("small", "", where));
    if (problem.offset === undefined && problem.excerpt !== "") item.append(create("code", "", problem.excerpt));
    items.append(item);
  }
  const left = count - first.length;
  return left === 0 ? [items] : [items, create("p", "note", `and ${left.toLocaleString("en")} more`)];
}

function mapOf({ map: { chunks }, problems: { first }, source }: Report): ChunkMap {
  const marked = new Set(source.kind === "file" ? [] : first.map(({ chunk }) => chunk - 1));
  return chunkMap(
    chunks.map(({ bytes, ...chunk }, index) => ({
      ...chunk,
      bytes: Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0)),
      isMarked: marked.has(index),
    })),
    { maxBytes: 16 * 1024 },
  );
}

function notes({ map: { leftChunks, leftBytes }, source }: Report): HTMLElement[] {
  const isFile = source.kind === "file";
  const texts = [];
  if (isFile) texts.push("A file keeps no borders between chunks: sluice record makes a cassette, which does.");
  if (leftBytes > 0) {
    const chunks = leftChunks === 0 || isFile ? "" : `${leftChunks.toLocaleString("en")} chunks of `;
    texts.push(`This is the beginning: ${chunks}${leftBytes.toLocaleString("en")} bytes follow.`);
  }
  return texts.map((text) => create("p", "note", text));
}
