import { type Answer, chat, type EndDelta, IncompleteAnswerError, inlineThink } from "sluice/chat";
import { partialJSON } from "sluice/json";
import { chunk, DONE, event, source, stop } from "../../chat/helpers.ts";
import { settled } from "../../support/sources.ts";
import type { Case } from "../case.ts";
import { everything, nameOf, rejectionOf, responseOf, thrownBy, told } from "../tools.ts";
import { deltasOf, plain } from "./answers.ts";

const hello = chunk({ content: "Hello" });

/** How an answer ended: its outcome, its proof, and why. */
async function endOf(answer: Answer): Promise<{ cause: unknown; [name: string]: unknown }> {
  const deltas = await deltasOf(answer);
  const ends = deltas.filter((delta): delta is EndDelta => delta.type === "end");
  const [{ outcome, via, cause } = { outcome: "none" }] = ends;
  return {
    outcome,
    via,
    cause: cause instanceof Error ? told(cause) : cause,
    ends: ends.length,
    last: deltas.at(-1)?.type,
  };
}

export const outcomes: readonly Case[] = [
  {
    name: "outcome: complete only on proof",
    async run(note) {
      note("a sentinel", await endOf(chat([hello, stop(), DONE])));
      note("a finish reason and the end", await endOf(chat([hello, stop("length")])));
      note("a sentinel alone", await endOf(chat([DONE])));
      note("nothing", await endOf(chat([])));
      note("an empty Response", await endOf(chat(responseOf(null, "text/event-stream"))));
      note("cut off", await endOf(chat([hello])));
      note("cut off inside an event", await endOf(chat([hello.slice(0, -9)])));
      note("comments alone", await endOf(chat([": ping\n\n", ": ping\n\n"])));
    },
  },
  {
    name: "outcome: the connection breaks, or never was one",
    async run(note) {
      note("a reset", await endOf(chat(source([hello], { fails: new RangeError("reset") }).stream)));
      note("a rejected fetch", await endOf(chat(Promise.reject(new TypeError("fetch failed")))));
      note("a fetch that was aborted", await endOf(chat(Promise.reject(named("AbortError")))));
      note(
        "a promise of a Response",
        await endOf(
          chat(Promise.resolve(responseOf(source([hello, stop(), DONE]).stream as never, "text/event-stream"))),
        ),
      );
      note("a promise of what is no source", await endOf(chat(Promise.resolve(5 as never))));
      const used = source([hello]).stream;
      used.getReader();
      note(
        "a locked stream",
        thrownBy(() => chat(5 as never)),
      );
      const { cause, ...locked } = await endOf(chat({ body: used, bodyUsed: false } as never));
      note("a locked body", { ...locked, cause: nameOf(cause) });
    },
  },
  {
    name: "outcome: error, by status and by a body that is no stream",
    async run(note) {
      const bodies: readonly [body: string, type: string, status: number][] = [
        ['{"error":{"message":"No key","code":"no_key"}}', "application/json", 401],
        ["Slow down", "text/plain", 429],
        ["", "text/event-stream", 503],
        ["<html><title>502 Bad Gateway</title></html>", "text/html", 502],
        ["<!doctype html><p>Sign in", "text/html; charset=utf-8", 200],
        ['{"choices":[{"message":{"content":"not a stream"}}]}', "application/json", 200],
        ["\u0001\u0002", "application/octet-stream", 200],
      ];
      for (const [body, type, status] of bodies)
        note(
          `${status} ${type}`,
          plain(await deltasOf(chat(responseOf(source([body]).stream as never, type, status)))),
        );
      note(
        "a malformed event in the middle",
        plain(await deltasOf(chat([hello, "data: {oops}\n\n", hello, stop(), DONE]))),
      );
      note(
        "an event that is too long",
        plain(await deltasOf(chat([hello, chunk({ content: "x".repeat(300) })], { maxLength: 200 }))),
      );
    },
  },
  {
    name: "outcome: aborted, by a signal, by cancel and by leaving",
    async run(note) {
      const controller = new AbortController();
      const hanging = source([hello], { hangs: true });
      const iterator = chat(hanging.stream, { signal: controller.signal })[Symbol.asyncIterator]();
      note("start", await iterator.next());
      note("text", await iterator.next());
      const pending = iterator.next();
      await settled(1);
      controller.abort(new RangeError("enough"));
      const { value } = await pending;
      note.is("end", value?.type === "end" && value.outcome, "aborted");
      // Not every AbortSignal has a reason.
      note.is("its cause", value?.type === "end" && value.cause === controller.signal.reason, true);
      note("then", await iterator.next());
      await settled();
      note.is("cancelled once", hanging.cancels.length, 1);

      const early = new AbortController();
      early.abort("before");
      const unread = source([hello]);
      const { outcome, cause } = await chat(unread.stream, { signal: early.signal }).message();
      note.is("a signal that was aborted before", [outcome, cause === early.signal.reason], ["aborted", true]);
      note.is("nothing was read", [unread.pulls, unread.cancels.length], [0, 1]);

      const cancelled = source([hello], { hangs: true });
      const answer = chat(cancelled.stream);
      await answer.cancel("bye");
      note("cancel", await endOf(answer));
      note.is("with its reason", cancelled.cancels, ["bye"]);

      const left = source([hello, hello], { hangs: true });
      for await (const delta of chat(left.stream)) if (delta.type === "text") break;
      await settled();
      note.is("break", left.cancels.length, 1);

      const waiting = new AbortController();
      const request = chat(new Promise<never>(() => undefined), { signal: waiting.signal });
      const message = request.message();
      waiting.abort("no answer");
      note("a request that never answers", (await message).outcome);
    },
  },
  {
    name: "outcome: stalled, when a deadline passes",
    async run(note) {
      for (const deadlines of [{ first: 20 }, { idle: 20 }, { total: 20 }]) {
        const hanging = source([": ping\n\n"], { hangs: true });
        note(JSON.stringify(deadlines), await endOf(chat(hanging.stream, { deadlines })));
        await settled();
        note.is("cancelled", hanging.cancels.length, 1);
      }
      note("between contents", await endOf(chat(source([hello], { hangs: true }).stream, { deadlines: { idle: 20 } })));
      note(
        "in time",
        await endOf(chat([hello, stop(), DONE], { deadlines: { first: 5000, idle: 5000, total: 5000 } })),
      );
      note(
        "no deadline",
        thrownBy(() => chat([], { deadlines: { idle: 0 } })),
      );
    },
  },
  {
    name: "text(), message() and readable: what arrived, and IncompleteAnswerError",
    async run(note) {
      const whole = [chunk({ content: "Hel" }), chunk({ content: "lo" }), stop(), DONE];
      note("text", await everything(chat(whole).text()));
      const texts: string[] = [];
      try {
        for await (const text of chat([hello]).text()) texts.push(text);
      } catch (error) {
        note.is("an IncompleteAnswerError", error instanceof IncompleteAnswerError && error instanceof Error, true);
        if (error instanceof IncompleteAnswerError)
          note("with what arrived", [error.name, error.message, error.answer.text, error.answer.outcome]);
      }
      note("before it", texts);
      const { text, outcome, via, finish, id, model, choices } = await chat(whole).message();
      note("message", { text, outcome, via, finish, id, model, choices });
      const answer = chat(whole);
      note("readable", plain((await everything(answer.readable)).filter((each) => each !== "end") as never));
      note("a second time", [thrownBy(() => answer.text()), await rejectionOf(answer.message())]);
      note(
        "an error's cause",
        await everything(chat(source([hello], { fails: new RangeError("reset") }).stream).text()),
      );
    },
  },
  {
    name: "tool calls: input only when the arguments are whole; snapshots on request",
    async run(note) {
      const call = (text: string, id?: string): string =>
        chunk({
          tool_calls: [
            {
              index: 0,
              ...(id && { id, function: { name: "f", arguments: text } }),
              ...(!id && { function: { arguments: text } }),
            },
          ],
        });
      const parts = [call("", "c1"), call('{"city":"K'), call('öln","n":[1'), call(",2]}")];
      const whole = await chat([...parts, stop("tool_calls"), DONE]).message();
      note("whole", whole.toolCalls);
      note("cut off", (await chat(parts.slice(0, 3)).message()).toolCalls);
      note("snapshots", await deltasOf(chat([...parts, stop("tool_calls"), DONE], { snapshots: partialJSON })));
      note(
        "a call that is no JSON",
        (await chat([call("{oops", "c1"), stop("tool_calls"), DONE], { snapshots: partialJSON }).message()).toolCalls,
      );
    },
  },
  {
    name: "an inline <think> is reasoning on request",
    async run(note) {
      const body = [..." \n<think>why</think>\n\nso <think>"].map((content) => chunk({ content }));
      note("on request", plain(await deltasOf(chat([...body, stop(), DONE], { think: inlineThink }))));
      note("else text", plain(await deltasOf(chat([...body, stop(), DONE]))));
      note(
        "no function",
        thrownBy(() => chat(body, { think: true as never })),
      );
    },
  },
  {
    name: "several choices, usage, unknown frames, and what comes behind the end",
    async run(note) {
      const body = [
        chunk({ content: "a" }),
        event({ id: "c1", choices: [{ index: 1, delta: { content: "b" } }] }),
        event({ something: "new" }),
        event({ id: "c1", choices: [], usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 } }),
        stop(),
        event({ id: "c1", choices: [{ index: 1, delta: {}, finish_reason: "content_filter" }] }),
        DONE,
        chunk({ content: "behind" }),
      ];
      note("deltas", plain(await deltasOf(chat(body))));
      const { choices, usage, unknown, errors } = await chat(body).message();
      note("message", { choices, usage, unknown, errors });
    },
  },
];

function named(name: string): Error {
  const error = new Error("stopped");
  error.name = name;
  return error;
}
