// Validates AsyncAPI documents with the official parser: node validate.js FILE...
// Exits 1 when a document is not valid, and says why; warnings are shown and count as errors, so that none gets lost.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error("usage: node validate.js FILE...");
  process.exit(2);
}

const parser = new Parser();
let failed = false;
for (const file of files) {
  const { document, diagnostics } = await parser.parse(readFileSync(file, "utf-8"), { source: file });
  // Severity 0 is an error, 1 a warning; 2 and 3 are advice, such as that there is a newer version of AsyncAPI.
  const problems = diagnostics.filter(({ severity }) => severity <= 1);
  for (const { path, message, range } of problems) {
    console.error(`${file}:${range.start.line + 1}: ${path.join("/")}: ${message}`);
  }
  if (document === undefined || problems.length > 0) {
    failed = true;
  } else {
    const count = document.messages().length;
    console.log(`${file}: valid AsyncAPI ${document.version()}, ${count} messages`);
    if (count === 0) {
      console.error(`${file}: holds no message`);
      failed = true;
    }
  }
}
process.exit(failed ? 1 : 0);
