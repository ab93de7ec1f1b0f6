import uPlot from "uplot";
import type { Report, Times } from "../report.js";
import { create } from "./dom.js";

const HEIGHT = 260;

/**
 * Plots how long each chunk with content had to be waited for, over time. It follows the width it is given and the colours of
 * the page.
 *
 * @returns the plot and what it shows in words; nothing when there are too few chunks with content
 */
export function latencyPlot(timeline: Report["timeline"], { gaps }: Times): HTMLElement[] {
  const contents = timeline.filter((point) => point.contents > 0);
  const [, ...rest] = contents;
  if (rest.length < 2 || gaps === undefined) return [];
  const at = rest.map((point) => point.at / 1000);
  const waited = rest.map((point, index) => point.at - (contents[index]?.at ?? 0));
  const median = rest.map(() => gaps.median);

  const frame = create("div", "plot");
  const caption = create("p", "note");
  caption.textContent = `Each point is a chunk with content: when it came, and how long after the one before. The line is the median, ${gaps.median.toFixed(1)} ms.`;
  let plot: uPlot | undefined;
  const draw = (): void => {
    plot?.destroy();
    plot = new uPlot(options(frame), [at, waited, median], frame);
  };
  new ResizeObserver(() => {
    if (plot === undefined) draw();
    else plot.setSize({ width: frame.clientWidth, height: HEIGHT });
  }).observe(frame);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  return [frame, caption];
}

function options(frame: HTMLElement): uPlot.Options {
  // A canvas knows no custom properties and no light-dark(): an element tells what they come to.
  const probe = create("i");
  frame.append(probe);
  const colour = (name: string): string => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const accent = colour("--accent");
  const warn = colour("--warn");
  const axis = {
    stroke: colour("--muted"),
    font: "12px system-ui, sans-serif",
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
  };
  probe.remove();
  return {
    width: frame.clientWidth,
    height: HEIGHT,
    scales: { x: { time: false }, y: { range: (_, __, most) => [0, most * 1.08] } },
    axes: [
      { ...axis, values: (_, ticks) => ticks.map((tick) => `${tick} s`) },
      { ...axis, size: 64, values: (_, ticks) => ticks.map((tick) => `${tick.toLocaleString("en")} ms`) },
    ],
    series: [
      { label: "at", value: (_, value) => (value === null ? "–" : `${value.toFixed(3)} s`) },
      {
        label: "waited",
        stroke: accent,
        width: 1,
        paths: () => null,
        points: { show: true, size: 5, fill: accent, width: 0 },
        value: (_, value) => (value === null ? "–" : `${value.toFixed(1)} ms`),
      },
      {
        label: "median",
        stroke: warn,
        width: 1.5,
        dash: [6, 5],
        points: { show: false },
        value: (_, value) => (value === null ? "–" : `${value.toFixed(1)} ms`),
      },
    ],
    cursor: { y: false, drag: { x: true, y: false } },
  };
}
