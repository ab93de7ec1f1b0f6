const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/** Writes the raw control characters inside the strings of a JSON text as escapes, which JSON.parse takes. */
export function escapeControls(text: string): string {
  let escaped = "";
  let copied = 0; // up to which index
  let isString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) isString = !isString;
    else if (code === BACKSLASH) index++;
    else if (code < SPACE && isString) {
      escaped += `${text.slice(copied, index)}\\u${code.toString(16).padStart(4, "0")}`;
      copied = index + 1;
    }
  }
  return escaped + text.slice(copied);
}
