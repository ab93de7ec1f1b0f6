import { type AnswerOptions, addAnswer, readAnswer } from "../answer.js";
import type { AddCommand } from "../command.js";
import { Output } from "../output.js";

/** `sluice text`: the words of an answer, as they come. */
export const text: AddCommand = (program, run) => {
  addAnswer(program.command("text").summary("the words of an answer, as they come"))
    .description("Writes the text of an answer (its first choice) as it comes.")
    .action((file: string | undefined, options: AnswerOptions) =>
      run(async ({ signal }) => {
        const output = new Output(process.stdout, signal);
        let last = "\n";
        return readAnswer(file, options, signal, (delta) => {
          if (delta.type === "text" && delta.choice === 0) {
            last = delta.text;
            return output.write(delta.text);
          }
          if (delta.type !== "end") return undefined;
          if (process.stdout.isTTY && !last.endsWith("\n")) void output.write("\n"); // the prompt gets a line of its own
          return output.flush();
        });
      }),
    );
};
