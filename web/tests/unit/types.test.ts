import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { createConfig } from "@redocly/openapi-core";
import openapiTS, { astToString } from "openapi-typescript";
import { expect, it } from "vitest";

it("the types of the API are those of its document: `npm run types` makes them anew", async () => {
  const redocly = await createConfig({}, { extends: ["minimal"] }); // As the command of the package has it.
  const made = astToString(await openapiTS(pathToFileURL(resolve("../docs/openapi.json")), { redocly }));
  const stored = readFileSync("src/lib/api/schema.d.ts", "utf8");
  // Before the first type stands who wrote it.
  expect(stored.slice(stored.indexOf("export interface paths"))).toBe(
    made.slice(made.indexOf("export interface paths")),
  );
});
