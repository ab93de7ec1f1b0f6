import { bodyOf, type Contender } from "./contender.ts";

/**
 * The least that any reader has to do: read the source, decode, find the line ends, `JSON.parse`. It knows that every line
 * of interest begins with exactly `data: ` and that every end is one LF, checks nothing and reports nothing: it is no parser.
 */
export const contender: Contender = {
  name: "floor",
  title: "floor: read + TextDecoder + indexOf + JSON.parse",
  framings: ["sse", "lines"],
  async read(response, framing, use) {
    const prefix = framing === "sse" ? "data: " : "";
    const reader = bodyOf(response).getReader();
    const decoder = new TextDecoder();
    let rest = "";

    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const text = decoder.decode(read.value, { stream: true });
      let start = 0;
      // Only new text is searched, so that a line over many chunks stays linear.
      for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
        if (rest !== "") {
          const line = rest + text.slice(start, end);
          rest = "";
          if (line.startsWith(prefix) && line !== "data: [DONE]") use(JSON.parse(line.slice(prefix.length)));
        } else if (start < end && text.startsWith(prefix, start)) {
          const line = text.slice(start + prefix.length, end);
          if (line !== "[DONE]") use(JSON.parse(line));
        }
        start = end + 1;
      }
      if (start < text.length) rest += text.slice(start);
    }
  },
};
