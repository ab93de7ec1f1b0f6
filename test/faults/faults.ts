import { concat, cut, cutAtRandom } from "../chat/helpers.ts";
import type { Transcript } from "../chat/transcripts.ts";
import type { Plan } from "./server.ts";

/** Something that can go wrong, or nothing, and what there is to say about it. */
export interface Fault {
  name: string;
  outcome: "complete" | "truncated" | "error" | "stalled" | "aborted" | "left";
  plan: Omit<Plan, "chunks"> & { body: Uint8Array };
  /** Beginning with this, the reader is to stop by itself. */
  action?: "abort" | "break";
}

const PAGE = "<!doctype html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";
const UNLUCKY = JSON.stringify({ error: { message: "Out of luck", type: "luck_error", code: "unlucky" } });

/** Every fault of a transcript's body. */
export function faultsOf({ frames, needed, contentType, errors }: Transcript): Fault[] {
  const half = Math.ceil(needed / 2);
  const until = (count: number): Uint8Array => concat(frames.slice(0, count));
  const next = frames[needed - 1] ?? "";
  const inside = concat([until(needed - 1), concat([next]).subarray(0, Math.floor(concat([next]).length / 2))]);
  const stream = { status: 200, contentType, ending: "end" } as const;
  const json = (status: number): Fault => ({
    name: `HTTP ${status}, JSON`,
    outcome: "error",
    plan: { status, contentType: "application/json", body: new TextEncoder().encode(UNLUCKY), ending: "end" },
  });
  const page = (status: number): Fault => ({
    name: `HTTP ${status}, a page`,
    outcome: "error",
    plan: { status, contentType: "text/html", body: new TextEncoder().encode(PAGE), ending: "end" },
  });
  const texts = until(frames.length);
  return [
    { name: "whole", outcome: "complete", plan: { ...stream, body: texts } },
    { name: "clean cut in the middle", outcome: "truncated", plan: { ...stream, body: until(half) } },
    { name: "clean cut before the proof", outcome: "truncated", plan: { ...stream, body: until(needed - 1) } },
    { name: "cut inside an event", outcome: "truncated", plan: { ...stream, body: inside } },
    { name: "empty body", outcome: "truncated", plan: { ...stream, body: new Uint8Array() } },
    { name: "socket reset", outcome: "truncated", plan: { ...stream, body: until(half), ending: "reset" } },
    ...errors.map(
      ({ name, frame }): Fault => ({
        name: `in band: ${name}`,
        outcome: "error",
        plan: { ...stream, body: concat([until(half), frame]) },
      }),
    ),
    json(401),
    json(429),
    json(500),
    json(503),
    page(502),
    page(200),
    { name: "stall", outcome: "stalled", plan: { ...stream, body: until(half), ending: "hang" } },
    { name: "abort", outcome: "aborted", plan: { ...stream, body: until(half), ending: "hang" }, action: "abort" },
    { name: "break", outcome: "left", plan: { ...stream, body: until(half), ending: "hang" }, action: "break" },
  ];
}

/** The ways to cut a body into chunks. */
export const cuts: readonly { name: string; of: (body: Uint8Array) => Uint8Array[] }[] = [
  { name: "one chunk", of: (body) => (body.length === 0 ? [] : [body]) },
  { name: "1 byte", of: (body) => cut(body, 1) },
  { name: "13 bytes", of: (body) => cut(body, 13) },
  { name: "random", of: (body) => cutAtRandom(body, 11).filter((piece) => piece.length > 0) },
];
