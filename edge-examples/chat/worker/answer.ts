import {
  bufferParse,
  decode,
  filterEmpty,
  fuse,
  type ServerSentEvent,
  type SluiceError,
  type Stage,
  splitSSE,
  stage,
} from "sluice";
import type { Delta } from "../notes.ts";
import { Broken } from "./broken.ts";

/**
 * Reads the body of an OpenAI-compatible stream: its deltas, and at the end whether the answer was whole. It never throws for
 * what the network or the provider did, it says it. A small stand-in for `sluice/chat`.
 *
 * @param onValue sees each value before its deltas
 */
export function readAnswer(onValue: (value: unknown) => void = () => undefined): Stage<Uint8Array | Broken, Delta> {
  return stage((out) => {
    let isRecognised = false; // [DONE] alone, or after something else altogether, proves nothing
    let isDone = false;
    let finish: string | undefined;
    let broken: Broken | undefined;
    let isEnding = false;
    let failed: "for good" | "in the middle" | "at the end" | undefined;

    const values = fuse(
      decode(),
      splitSSE(),
      untilDone(() => {
        isDone = true;
        isEnding = true;
      }),
      filterEmpty({ whitespace: "keep" }),
      bufferParse<unknown>({ onError: report }),
    ).connect({ push: read, end: conclude });

    function read(value: unknown): void {
      onValue(value);
      if (!isRecord(value)) return;
      if (isRecord(value["error"]) || typeof value["error"] === "string") {
        failed = "for good";
        out.push(providerError(value["error"]));
      }
      if (!Array.isArray(value["choices"])) return;
      isRecognised = true;
      const choice: unknown = value["choices"][0];
      if (!isRecord(choice)) return;
      const delta = isRecord(choice["delta"]) ? choice["delta"] : {};
      const reasoning = delta["reasoning"] ?? delta["reasoning_content"];
      if (typeof reasoning === "string" && reasoning !== "") out.push({ type: "reasoning", text: reasoning });
      if (typeof delta["content"] === "string" && delta["content"] !== "")
        out.push({ type: "text", text: delta["content"] });
      if (typeof choice["finish_reason"] === "string") {
        finish = choice["finish_reason"];
        out.push({ type: "finish", reason: finish });
      }
    }

    function report({ code, message, raw }: SluiceError): void {
      failed ??= isEnding ? "at the end" : "in the middle";
      out.push({ type: "error", code, message, raw: raw.slice(0, MAX_RAW_LENGTH) });
    }

    function conclude(): void {
      out.push(verdict());
      out.end();
    }

    function verdict(): Delta {
      if (failed === "for good") return { type: "end", outcome: "error" };
      const via = isDone ? "sentinel" : finish !== undefined && broken === undefined ? "finish" : undefined;
      if (via === undefined || !isRecognised || failed === "at the end") {
        return { type: "end", outcome: "truncated", ...(broken && { cause: "the connection broke" }) };
      }
      return failed === undefined ? { type: "end", outcome: "complete", via } : { type: "end", outcome: "error", via };
    }

    return {
      push(chunk) {
        if (chunk instanceof Broken) broken = chunk;
        else {
          try {
            values.push(chunk);
          } catch (error) {
            // A limit was passed: nothing behind it can be read.
            failed = "for good";
            out.push({ type: "error", message: error instanceof Error ? error.message : String(error), raw: "" });
            conclude();
          }
        }
      },
      end() {
        isEnding = true;
        values.end();
      },
    };
  });
}

const MAX_RAW_LENGTH = 500;

/** Ends the stream at `[DONE]`: what comes after it is no part of the answer. */
function untilDone(onDone: () => void): Stage<ServerSentEvent, ServerSentEvent> {
  return stage((out) => ({
    push(event) {
      if (event.data.trim() !== "[DONE]") return out.push(event);
      onDone();
      out.end();
    },
    end: () => out.end(),
  }));
}

function providerError(error: Record<string, unknown> | string): Delta {
  const raw = JSON.stringify(error).slice(0, MAX_RAW_LENGTH);
  if (typeof error === "string") return { type: "error", message: error, raw };
  const { message, code, type } = error;
  const name = code ?? type;
  return {
    type: "error",
    message: typeof message === "string" ? message : "The provider sent an error without a message",
    ...(typeof name === "string" || typeof name === "number" ? { code: String(name) } : {}),
    raw,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
