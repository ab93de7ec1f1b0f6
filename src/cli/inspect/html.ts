import { readFileSync } from "node:fs";
import { escaped } from "./markup.js";
import type { Report } from "./report.js";

/** What the page is made of: built beside the command. */
export interface PageParts {
  script: string;
  style: string;
}

/** Reads what the build put beside the command. */
export function pageParts(): PageParts {
  const read = (name: string): string => readFileSync(new URL(`./${name}`, import.meta.url), "utf8");
  return { script: read("page.js"), style: read("style.css") };
}

/** The report as one page that needs nothing else: it opens from a file, without a network, and holds no link. */
export function htmlView(report: Report, { script, style }: PageParts): string {
  const data = JSON.stringify(report).replaceAll("<", "\\u003c"); // no text in it can end the element it stands in
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'">
<title>${escaped(report.source.name)} · sluice inspect</title>
<style>${style.replaceAll("</", "<\\/")}</style>
</head>
<body>
<noscript>This report is drawn by its own script, which this browser does not run.</noscript>
<script type="application/json" id="report">${data}</script>
<script type="module">${script.replaceAll("</script", "<\\/script")}</script>
</body>
</html>
`;
}
