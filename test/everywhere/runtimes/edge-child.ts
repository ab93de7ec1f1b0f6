// Runs a script in an edge-runtime and writes what it gives to the standard output.
import { readFile } from "node:fs/promises";
import { EdgeVM } from "@edge-runtime/vm";

const vm = new EdgeVM();
vm.evaluate(await readFile(process.argv[2] ?? "", "utf8"));
vm.evaluate("globalThis.unhandled = [];");
process.on("unhandledRejection", (reason) => vm.context["unhandled"].push(reason));
console.log(await vm.evaluate("conformance(unhandled)"));
