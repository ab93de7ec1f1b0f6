import { chat } from "../../chat/index.js";
import type { AddCommand } from "../command.js";
import { exitOf } from "../exit.js";
import { openInput } from "../input.js";
import { Output } from "../output.js";

/** `sluice text`: the words of an answer, as they come. */
export const text: AddCommand = (program, run) => {
  program
    .command("text")
    .summary("the words of an answer, as they come")
    .argument("[file]", "a body; standard input unless named")
    .action((file: string | undefined) =>
      run(async ({ signal }) => {
        const { chunks } = await openInput(file, signal);
        const output = new Output(process.stdout, signal);
        for await (const delta of chat(chunks)) {
          if (delta.type === "text" && delta.choice === 0) await output.write(delta.text);
          if (delta.type !== "end") continue;
          await output.flush();
          return exitOf(delta.outcome);
        }
        return exitOf("truncated");
      }),
    );
};
