// Each dialect's transcript means its deltas: recognised or chosen, labelled or not, under every cut, and up to every place
// where it can be cut off.
import { chat, type Delta, observe } from "sluice/chat";
import { describe, expect, test } from "vitest";
import { concat, cut, cutAtRandom, deltasOf, endOf, joined, source } from "./helpers.ts";
import { type Transcript, transcripts } from "./transcripts.ts";

const plain = (deltas: readonly Delta[]): unknown[] =>
  joined(deltas).map((delta) => {
    const { raw, ...rest } = delta as { raw?: unknown; type: string };
    return rest.type === "usage" ? rest : delta;
  });

const read = async (
  transcript: Transcript,
  chunks: readonly Uint8Array[],
  options = transcript.options,
): Promise<unknown[]> => {
  const response = new Response(source(chunks).stream, { headers: { "content-type": transcript.contentType } });
  return plain(await deltasOf(response, options));
};

describe.for(transcripts.map((transcript) => [transcript.name, transcript] as const))("%s", ([, transcript]) => {
  const body = concat(transcript.frames);

  test("whole, recognised where it is to be", async () => {
    expect(await read(transcript, [body])).toEqual(transcript.deltas);
  });

  test("whole, without a content type", async () => {
    expect(plain(await deltasOf([body], transcript.options))).toEqual(transcript.deltas);
  });

  test("whole, its dialect chosen", async () => {
    expect(await read(transcript, [body], { dialect: transcript.dialect })).toEqual(transcript.deltas);
  });

  test("however it is cut", async () => {
    for (const size of [1, 2, 3, 7, 13])
      expect(await read(transcript, cut(body, size)), `by ${size}`).toEqual(transcript.deltas);
    for (let seed = 1; seed <= 5; seed++)
      expect(await read(transcript, cutAtRandom(body, seed))).toEqual(transcript.deltas);
  });

  test("cut off anywhere it is complete only where it is whole, and never throws", async () => {
    const needed = concat(transcript.frames.slice(0, transcript.needed)).length;
    for (let length = 0; length < body.length; length++) {
      const { outcome } = endOf(await deltasOf([body.subarray(0, length)], transcript.options));
      if (outcome !== "truncated" && !(outcome === "complete" && length >= needed - 4)) {
        expect.fail(`${outcome} when cut off at ${length} of ${body.length}, with ${needed} needed`);
      }
    }
  });

  test.for(transcript.errors.map((error) => [error.name, error] as const))(
    "an error in mid-stream: %s",
    async ([, { frame }]) => {
      for (const at of [1, Math.floor(transcript.needed / 2), transcript.needed - 1]) {
        const broken = concat([...transcript.frames.slice(0, at), frame]);
        for (const chunks of [[broken], cut(broken, 1), cut(broken, 13)]) {
          const deltas = await deltasOf(
            new Response(source(chunks).stream, { headers: { "content-type": transcript.contentType } }),
            transcript.options,
          );
          expect(deltas.filter(({ type }) => type === "error").length).toBeGreaterThan(0);
          expect(endOf(deltas).outcome).toBe("error");
        }
      }
    },
  );

  test("observed, its bytes pass unchanged and mean the same", async () => {
    for (const chunks of [[body], cut(body, 7)]) {
      const deltas: Delta[] = [];
      const passed = source(chunks).stream.pipeThrough(
        observe({ ...transcript.options, onDelta: (delta) => deltas.push(delta), contentType: transcript.contentType }),
      );
      const out: Uint8Array[] = [];
      for await (const bytes of passed) out.push(bytes);
      expect(out).toEqual(chunks);
      expect(plain(deltas)).toEqual(transcript.deltas);
    }
  });

  test("its message holds what its deltas say", async () => {
    const message = await chat([body], transcript.options).message();
    const text = (type: string): string =>
      (transcript.deltas as { type: string; text: string }[])
        .filter((delta) => delta.type === type)
        .map((delta) => delta.text)
        .join("");
    expect(message).toMatchObject({
      outcome: "complete",
      text: text("text"),
      reasoning: text("reasoning"),
      refusal: text("refusal"),
    });
    for (const call of message.toolCalls) expect(call.input).toEqual(JSON.parse(call.arguments));
  });
});
