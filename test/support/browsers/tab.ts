import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** A page in some browser, driven as a visitor would; small enough that every browser can do it. */
export interface Tab {
  goto: (url: string) => Promise<void>;
  reload: () => Promise<void>;
  /** The value of an expression in the page, which must be one of JSON. */
  evaluate: <T>(expression: string) => Promise<T>;
  click: (selector: string) => Promise<void>;
  /** Types into what a selector finds. */
  type: (selector: string, text: string) => Promise<void>;
  /** Presses Enter or Escape where the focus is. */
  press: (key: "Enter" | "Escape") => Promise<void>;
  close: () => Promise<void>;
}

export interface BrowserOfThree {
  name: "Chromium" | "Firefox" | "WebKit";
  /** Where it is; nothing when the machine has none. */
  path: string | undefined;
  open: (path: string) => Promise<Tab>;
}

/** The first of these programs that is on the PATH, or in one of the directories given. */
export function findProgram(names: readonly string[], directories: readonly string[] = []): string | undefined {
  const path = (process.env["PATH"] ?? "").split(delimiter);
  return [...path, ...directories]
    .flatMap((directory) => names.map((name) => join(directory, name)))
    .find((file) => existsSync(file));
}
