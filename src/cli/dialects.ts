import { type Command, Option } from "commander";
import { type Dialect, uiMessages } from "../chat/index.js";
import { withAll } from "../chat/with-all.js";

/** Every dialect of the house, in the order in which they are asked: nobody knows what a pipe brings. */
export const DIALECTS: readonly [Dialect, ...Dialect[]] = withAll<[Dialect, ...Dialect[]]>((...dialects) => [
  ...dialects,
  uiMessages,
]);

/** Adds `--dialect`, whose value is one of the names. */
export function addDialect(command: Command): Command {
  const names = DIALECTS.map(({ name }) => name);
  return command.addOption(
    new Option("--dialect <name>", "read it as this provider's; recognised unless told").choices(names),
  );
}

/** The dialects that come into question. */
export function dialectsOf(name: string | undefined): readonly [Dialect, ...Dialect[]] {
  const one = DIALECTS.find((dialect) => dialect.name === name);
  return one === undefined ? DIALECTS : [one];
}
