import { jsonSchema, parseJsonEventStream } from "ai";
import { bodyOf, type Contender, drain } from "./contender.ts";

/** A schema without a validator: what it costs to validate is not the question here. */
const anything = jsonSchema<unknown>({});

export const contender: Contender = {
  name: "ai",
  title: "AI SDK parseJsonEventStream",
  package: "ai",
  framings: ["sse"],
  async read(response, _framing, use) {
    await drain(parseJsonEventStream({ stream: bodyOf(response), schema: anything }), (result) => {
      if (!result.success) throw result.error;
      use(result.value);
    });
  },
};
