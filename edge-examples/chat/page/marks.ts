/** Embeddings and overrides, which make text read otherwise than it is; and isolates, which do so in code. */
const OVERRIDES = /[\u202a-\u202e]/g;
const OVERRIDES_AND_ISOLATES = /[\u202a-\u202e\u2066-\u2069]/g;

/** The text with the characters that reverse its reading order shown as what they are, so that it cannot lie about itself. */
export function unmasked(text: string, { isCode = false } = {}): string {
  return text.replace(isCode ? OVERRIDES_AND_ISOLATES : OVERRIDES, nameOf);
}

function nameOf(character: string): string {
  return `[U+${character.charCodeAt(0).toString(16).toUpperCase()}]`;
}
