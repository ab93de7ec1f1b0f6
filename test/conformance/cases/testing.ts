import { adversarialCuts, bodyOf, cutAt, cutInto, everyCut, randomCuts } from "sluice/testing";
import { settled } from "../../support/sources.ts";
import type { Case } from "../case.ts";
import { everything, thrownBy, utf8, values } from "../tools.ts";

const text = 'data: {"é":"\\u00e9😀"}\r\n\r\n';

export const testing: readonly Case[] = [
  {
    name: "testing: every way to cut, of text and of bytes, the same for the same seed",
    run(note) {
      for (const input of [text, utf8(text)]) {
        const kind = typeof input;
        note(`${kind}: at`, cutAt<string | Uint8Array>(input, [0, 3, 3, 9]));
        note(`${kind}: into`, cutInto<string | Uint8Array>(input, 7));
        const ways = { every: everyCut, hostile: adversarialCuts } as const;
        for (const [name, way] of Object.entries(ways)) {
          const all = [...way<string | Uint8Array>(input)];
          note(
            `${kind}: ${name}`,
            all.map(({ name: each, at }) => [each, at]),
          );
          note.is(
            `${kind}: ${name}, joined`,
            all.every(({ chunks }) => sum(chunks) === input.length),
            true,
          );
        }
        note(
          `${kind}: random`,
          [...randomCuts<string | Uint8Array>(input, 7, 5)].map(({ at }) => at),
        );
      }
      note("what cannot be cut", [
        thrownBy(() => cutInto(text, 0)),
        thrownBy(() => cutAt(5 as never, [])),
        thrownBy(() => everyCut(new ArrayBuffer(2) as never)),
      ]);
    },
  },
  {
    name: "testing: bodies, with a pace, and with what goes wrong",
    async run(note) {
      note("whole", await everything(bodyOf(["a", utf8("é")])));
      note("paced", await everything(bodyOf(["a", "b"], { pace: 0.5 })));
      const error = new RangeError("on purpose");
      for (const fault of [
        { kind: "cut", at: 1 },
        { kind: "error", at: 3, error },
        { kind: "error", error },
      ] as const)
        note(JSON.stringify(fault), await everything(bodyOf(["ab", "cd"], { fault })));
      const reader = values(bodyOf(["a"], { fault: { kind: "stall" } }));
      note("stalled", (await reader.next()).value);
      const pending = reader.next();
      await settled(1);
      await reader.return?.();
      note("until it is cancelled", (await pending).done);
      note("what cannot be meant", [
        thrownBy(() => bodyOf(["a"], { pace: -1 })),
        thrownBy(() => bodyOf([5 as never])),
        thrownBy(() => bodyOf([], { fault: { kind: "flood" as "cut" } })),
      ]);
    },
  },
];

const sum = (chunks: readonly (string | Uint8Array)[]): number =>
  chunks.reduce((length, each) => length + each.length, 0);
