import { assemble } from "../../chat/message.js";
import { type AnswerOptions, addAnswer, readAnswer } from "../answer.js";
import type { AddCommand } from "../command.js";
import { toJSON } from "../json.js";
import { Output } from "../output.js";
import { addSelect, type SelectOptions, selectBy } from "../select.js";

/** `sluice message`: an answer when it is over. */
export const message: AddCommand = (program, run) => {
  addSelect(addAnswer(program.command("message").summary("all of an answer when it is over, as JSON")))
    .description(
      "Writes an answer when it is over: text, tool calls, usage, and what became of it, as one JSON document.",
    )
    .action((file: string | undefined, options: AnswerOptions & SelectOptions) =>
      run(async ({ signal }) => {
        const output = new Output(process.stdout, signal);
        const select = selectBy(options.select);
        const assembly = assemble();
        return readAnswer(file, options, signal, (delta) => {
          assembly.add(delta);
          if (delta.type !== "end") return undefined;
          const whole = assembly.message();
          void output.write(
            select(whole)
              .map((each) => `${toJSON(each, 2)}\n`)
              .join(""),
          );
          return output.flush();
        });
      }),
    );
};
