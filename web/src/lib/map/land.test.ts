import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { Land } from "./land";

const world = (name: string) => JSON.parse(readFileSync(`node_modules/world-atlas/countries-${name}.json`, "utf8"));
const size = (land: Land, name: string) =>
  JSON.stringify(land.features.features.find(({ properties }) => properties?.name === name)?.geometry).length;

it("land is drawn finely where somebody looks, and coarsely elsewhere", async () => {
  let fetched = 0;
  const land = new Land(world("50m"), async () => (fetched++, world("10m")));
  const [argentina, russia] = [size(land, "Argentina"), size(land, "Russia")];
  const countries = land.features.features.length;

  expect(await land.look([-59, -35, -58, -34])).toBe(true);
  expect(size(land, "Argentina")).toBeGreaterThan(1.5 * argentina);
  expect(size(land, "Uruguay")).toBeGreaterThan(0);
  expect(size(land, "Russia")).toBe(russia);
  expect(land.features.features).toHaveLength(countries);

  expect(await land.look([-58.9, -34.9, -58.2, -34.1]), "nothing new").toBe(false);
  expect(await land.look([-0.5, 51, 0.5, 52])).toBe(true);
  expect(fetched).toBe(1);
});
