import { bufferParse, decode, type Flow, filterEmpty, flow, SluiceError, splitSSE } from "sluice";
import { chat, type Delta, type Outcome } from "sluice/chat";
import { partialJSON, type Snapshot } from "sluice/json";

interface Trip {
  city: string;
}

const values: Flow<Trip> = flow(
  [new Uint8Array([100, 97, 116, 97, 58]), '{"city":"Rome"}\n\n'],
  decode(),
  splitSSE(),
  filterEmpty(),
  bufferParse<Trip>(),
);
for await (const { city } of values) console.log(city);

const shown: Snapshot<Trip>[] = [];
for await (const snapshot of flow(['{"city":"Ro', 'me"}'], partialJSON<Trip>())) shown.push(snapshot);
console.log(shown.map(({ value, done }) => [value.city, done].join(" ")).join(", "));

const types: Delta["type"][] = [];
let outcome: Outcome | undefined;
for await (const delta of chat("data: [DONE]\n\n")) {
  types.push(delta.type);
  if (delta.type === "end") outcome = delta.outcome;
}
console.log(types.join(), outcome, new SluiceError("malformed", "", { raw: "", offset: 3 }).offset);
