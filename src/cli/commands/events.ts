import { flow } from "../../flow.js";
import { type ServerSentEvent, splitSSE } from "../../index.js";
import { stage } from "../../stage.js";
import { decode } from "../../text/decode.js";
import type { AddCommand } from "../command.js";
import { Complaints, noEvents } from "../complaints.js";
import { bytesOf, openInput } from "../input.js";
import { toJSON } from "../json.js";
import { Output } from "../output.js";
import { addSelect, type SelectOptions, selectBy } from "../select.js";

interface Options extends SelectOptions {
  all?: boolean;
}

/** `sluice events`: the server-sent events of a body. */
export const events: AddCommand = (program, run) => {
  addSelect(program.command("events").summary("the server-sent events of a body, a line of JSON each"))
    .description("Writes each event of an event stream as a line of JSON: its name, its data as text, its id.")
    .argument("[file]", "a body or a cassette; standard input unless named")
    .option("--all", "also comments, retry fields, and lines that are none of the standard's")
    .action((file: string | undefined, { select: path, all = false }: Options) =>
      run(async ({ signal }) => {
        const select = selectBy(path);
        const { chunks } = await openInput(file, signal);
        const output = new Output(process.stdout, signal);
        const complaints = new Complaints(signal);
        let isEnding = false;
        let strange: string | undefined; // the first line that no event stream has
        let count = 0;

        const write = (value: object): Promise<void> | undefined =>
          output.write(
            select(value)
              .map((each) => `${toJSON(each)}\n`)
              .join(""),
          );
        const other = (value: object): void => {
          if (all) void write(value);
        };
        const noticed = stage<string, string>((out) => ({
          push: out.push,
          end() {
            isEnding = true;
            out.end();
          },
        }));
        const split = splitSSE({
          onComment: (comment) => other({ comment }),
          onRetry: (retry) => other({ retry }),
          onOther(line) {
            strange ??= line;
            other({ line });
          },
        });
        let last: ServerSentEvent | undefined;
        try {
          for await (const event of flow(bytesOf(chunks), decode(), noticed, split)) {
            count += 1;
            if (isEnding) last = event;
            const written = write(event);
            if (written !== undefined) await written;
          }
        } catch (error) {
          complaints.addLast(error);
        } finally {
          await output.flush(); // what came before is not lost
        }
        if (count === 0 && strange !== undefined) {
          complaints.add(noEvents(strange));
        } else if (last !== undefined && last.data.trim() !== "[DONE]") {
          const message = "the body ended inside the last event, or right behind it: more may have been to come";
          complaints.add({ code: "truncated", message });
        }
        return complaints.end();
      }),
    );
};
