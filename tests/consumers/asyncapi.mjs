// Reads an AsyncAPI document as its own project's parser does, and prints what that finds wrong.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], "utf8"));
for (const { code, message, path } of diagnostics) {
  console.log(`${code}: ${message} at ${path.join(".")}`);
}
if (!document || diagnostics.length > 0) {
  process.exit(1);
}
console.log(`${document.allMessages().length} messages`);
