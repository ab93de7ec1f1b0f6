import { flow, map } from "sluice";

void (async () => {
  for await (const said of flow(
    ["main"],
    map((word) => `resolved by ${word}`),
  ))
    console.log(said);
})();
