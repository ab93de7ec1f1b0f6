import { type AnswerOptions, addAnswer, readAnswer } from "../answer.js";
import type { AddCommand } from "../command.js";
import { toJSON } from "../json.js";
import { Output } from "../output.js";
import { addSelect, type SelectOptions, selectBy } from "../select.js";

/** `sluice deltas`: what `chat` gives, a line of JSON each. */
export const deltas: AddCommand = (program, run) => {
  addSelect(addAnswer(program.command("deltas").summary("each step of an answer, a line of JSON each")))
    .description("Writes each delta of an answer as a line of JSON, whoever the provider is; the last one is its end.")
    .action((file: string | undefined, options: AnswerOptions & SelectOptions) =>
      run(async ({ signal }) => {
        const output = new Output(process.stdout, signal);
        const select = selectBy(options.select);
        return readAnswer(file, options, signal, (delta) => {
          const lines = select(delta).map((each) => `${toJSON(each)}\n`);
          const written = output.write(lines.join(""));
          return delta.type === "end" ? output.flush() : written;
        });
      }),
    );
};
