import type { Case } from "./case.ts";
import { answers } from "./cases/answers.ts";
import { bodies } from "./cases/bodies.ts";
import { cassette } from "./cases/cassette.ts";
import { dialects } from "./cases/dialects.ts";
import { faces } from "./cases/faces.ts";
import { outcomes } from "./cases/outcomes.ts";
import { partials } from "./cases/partial.ts";
import { pulled } from "./cases/pulled.ts";
import { serve } from "./cases/serve.ts";
import { sources } from "./cases/sources.ts";
import { sse } from "./cases/sse.ts";
import { stopping } from "./cases/stopping.ts";
import { testing } from "./cases/testing.ts";
import { text } from "./cases/text.ts";
import { valuesOf } from "./cases/values.ts";

/** Every case: what has to be the same in every runtime. A file for each subject. */
export const cases: readonly Case[] = [
  ...text,
  ...sse,
  ...valuesOf,
  ...partials,
  ...bodies,
  ...faces,
  ...sources,
  ...pulled,
  ...stopping,
  ...answers,
  ...outcomes,
  ...dialects,
  ...serve,
  ...cassette,
  ...testing,
];
