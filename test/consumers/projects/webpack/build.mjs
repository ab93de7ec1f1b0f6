import webpack from "webpack";

const options = {
  context: import.meta.dirname,
  entry: "./main.js",
  mode: "production",
  output: { path: `${import.meta.dirname}/dist` },
};
webpack(options, (error, stats) => {
  if (!error && !stats.hasErrors() && !stats.hasWarnings()) return;
  console.error(error ?? stats.toString());
  process.exitCode = 1;
});
