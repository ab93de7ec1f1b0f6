import type { Fault } from "../faults.ts";

/** Writes frames down as server-sent events, plain or with what makes naive readers fail. */
export interface Dresser {
  event: (json: string) => string;
  sentinel: () => string;
}

/** What servers and proxies put between events: comments, empty data, white space, a field without data. */
const NOISE = [
  ": keep-alive\n\n",
  "data:\n\n",
  ": OPENROUTER PROCESSING\n\n",
  "data: \n\n",
  "event: ping\n\n",
  "\n\n",
  "data\n\n",
];

/** An event that holds control characters only, and control characters raw inside a JSON string, where JSON forbids them. */
const CONTROL_ONLY = "data: \u0000\u0007\u0008\n\n";
const CONTROL_PADDING = "\u0001\u0007\u001b[0m\u0000\u007f";

/** Characters of two, three and four bytes in UTF-8: padding, so that there is something to cut in plain English, too. */
const WIDE_PADDING = "é水💧";

export function dresser(faults: readonly Fault[]): Dresser {
  const has = (fault: Fault): boolean => faults.includes(fault);
  let noises = 0;

  function event(json: string): string {
    let padding = "";
    if (has("split-characters")) padding += WIDE_PADDING;
    if (has("control-characters")) padding += CONTROL_PADDING;
    let data = json;
    // Providers pad frames with such a field, too. It goes in as raw text: JSON.stringify would escape what is not allowed.
    if (padding !== "") data = data.replace(/\}$/, `,"obfuscation":"${padding}"}`);
    if (has("control-characters")) data = data.replaceAll("\\t", "\t");

    let text = "";
    if (has("noise")) text += NOISE[noises++ % NOISE.length] ?? "";
    if (has("control-characters")) text += CONTROL_ONLY;
    for (const part of has("split-json") ? split(data) : [data]) text += `data: ${part}\n\n`;
    return lineEnds(text);
  }

  const lineEnds = (text: string): string => (has("crlf") ? text.replaceAll("\n", "\r\n") : text);

  return { event, sentinel: () => lineEnds("data: [DONE]\n\n") };
}

/** A value in three parts, each an event of its own. No part is white space alone: readers may drop such a part. */
function split(json: string): string[] {
  const characters = Array.from(json); // by code point: half a surrogate pair cannot be written in UTF-8
  const third = Math.ceil(characters.length / 3);
  return [0, third, 2 * third]
    .map((start) => characters.slice(start, start + third).join(""))
    .filter((part) => part.trim() !== "");
}
