/** A control character (or a blank between values), and what tells whether it stands in a string. */
const CONTROL = /\\.|"|[^ -\uffff]/g;

/** Makes a parser that takes raw control characters inside the strings of a JSON text, which JSON.parse refuses. */
export function takingControls<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch {
      return parse(escapeControls(text));
    }
  };
}

/** Writes the raw control characters inside the strings of a JSON text as escapes, which JSON.parse takes. */
export function escapeControls(text: string): string {
  let isString = false;
  return text.replace(CONTROL, (token) => {
    if (token === '"') isString = !isString;
    return isString && token < " " ? `\\u${token.charCodeAt(0).toString(16).padStart(4, "0")}` : token;
  });
}
