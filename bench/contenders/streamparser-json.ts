import { JSONParser } from "@streamparser/json";
import { bodyOf, type Contender } from "./contender.ts";

export const contender: Contender = {
  name: "streamparser-json",
  title: "@streamparser/json JSONParser",
  package: "@streamparser/json",
  framings: ["lines"],
  async read(response, _framing, use) {
    const parser = new JSONParser({ paths: ["$"], separator: "\n" });
    parser.onValue = ({ value }) => use(value);
    const reader = bodyOf(response).getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) parser.write(read.value);
  },
};
