const { chat } = require("sluice/chat");
const { flow, map } = require("sluice");

void (async () => {
  const { outcome } = await chat([
    '{"model":"m","message":{"content":"Hi"},"done":true,"done_reason":"stop"}\n',
  ]).message();
  for await (const said of flow(
    [outcome],
    map((word) => `required: ${word}`),
  ))
    console.log(said);
})();
