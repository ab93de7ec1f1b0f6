/** An open block of code, read line by line until the line that closes it. */
export class OpenFence {
  readonly language: string | undefined;
  readonly #closing: RegExp;
  readonly #mayClose: RegExp;
  #line = "";
  #isLineStart = true;

  private constructor(fence: string, info: string) {
    const mark = fence.charAt(0);
    this.language = info.trim().split(/\s/, 1)[0] || undefined;
    this.#closing = new RegExp(`^ {0,3}${mark}{${fence.length},}[ \\t]*$`);
    this.#mayClose = new RegExp(`^ {0,3}${mark}*[ \\t]*$`);
  }

  /** The block that a text opens with, if it does and the opening line is whole, and the text behind that line. */
  static in(text: string): { fence: OpenFence; rest: string } | undefined {
    const opening = /^\n*(?:(`{3,})([^`\n]*)|(~{3,})([^\n]*))\n/.exec(text);
    if (opening === null) return undefined;
    const [line, ticks, ticksInfo, tildes, tildesInfo] = opening;
    return {
      fence: new OpenFence(ticks ?? tildes ?? "", ticksInfo ?? tildesInfo ?? ""),
      rest: text.slice(line.length),
    };
  }

  /**
   * Reads on.
   *
   * @returns what is code, and once the block has been closed the text behind it
   */
  read(text: string): { code: string; rest?: string } {
    let code = "";
    let at = 0;
    while (at < text.length) {
      const end = text.indexOf("\n", at);
      const line = end === -1 ? text.slice(at) : text.slice(at, end);
      at = end === -1 ? text.length : end + 1;
      this.#line += line;
      if (end === -1) break;
      if (this.#isLineStart && this.#closing.test(this.#line)) return { code, rest: text.slice(at) };
      code += `${this.#line}\n`;
      this.#line = "";
      this.#isLineStart = true;
    }
    // A line may be shown as it grows, unless it can still become the closing one.
    if (this.#line !== "" && !(this.#isLineStart && this.#mayClose.test(this.#line))) {
      code += this.#line;
      this.#line = "";
      this.#isLineStart = false;
    }
    return { code };
  }

  /** What is left when the text ends without closing the block. */
  end(): string {
    return this.#isLineStart && this.#closing.test(this.#line) ? "" : `${this.#line}\n`;
  }
}
