// Are the types wrong? Asked of the tarball, for ES modules: the package has nothing else.
import { readFile } from "node:fs/promises";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";

const {
  problems = [],
  entrypoints = {},
  types,
} = await checkPackage(createPackageFromTarballData(new Uint8Array(await readFile(process.argv[2]))));
const found = problems.filter(
  ({ resolutionKind, kind }) => !["node10", "node16-cjs"].includes(resolutionKind) && kind !== "CJSResolvesToESM",
);
for (const problem of found) console.error(JSON.stringify(problem));
const names = Object.keys(entrypoints);
console.log(
  types !== false && found.length === 0 && names.length > 1 ? `no problem in ${names.length} entries` : "problems",
);
