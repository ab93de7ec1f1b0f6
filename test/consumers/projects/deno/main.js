import { bufferParse, flow } from "npm:sluice@^0.1.0";
import { chat } from "npm:sluice@^0.1.0/chat";

for await (const value of flow(['{"npm":', "true}"], bufferParse())) console.log(JSON.stringify(value));
console.log(
  (await chat('{"model":"m","message":{"content":"Hi"},"done":true,"done_reason":"stop"}\n').message()).outcome,
);
