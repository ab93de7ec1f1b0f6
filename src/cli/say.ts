// DEL and the C1 controls too: what a stream holds must not drive the terminal that shows a message about it.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g;

/** Says something on stderr, to the person who waits. */
export function say(text: string): void {
  process.stderr.write(`sluice: ${withoutControls(text)}\n`);
}

/** The text with its control characters, line feeds aside, as escapes. */
export function withoutControls(text: string): string {
  return text.replace(CONTROLS, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
