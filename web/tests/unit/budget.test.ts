import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { expect, it } from "vitest";

const ASSETS = "dist/assets/";
const BUDGET = 300 * 1024;

it.runIf(existsSync("dist/index.html"))("the first screen is light: everything but the map chunk", () => {
  // What comes later: the map and its land, and alphabets that no text of ours is in.
  const isLater = /^(atlas|maplibre|countries|inter-(cyrillic|greek|vietnamese))/;
  const sizes = readdirSync(ASSETS)
    .filter((name) => !isLater.test(name) && !/\.(br|gz)$/.test(name))
    .map((name) => (/\.woff2$/.test(name) ? statSync(ASSETS + name) : statSync(`${ASSETS}${name}.gz`)).size);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(BUDGET);
});

it.runIf(existsSync("dist/index.html"))(
  "the page has no script or style of its own, which its policy would refuse",
  () => {
    const page = readFileSync("dist/index.html", "utf8");
    expect(page).not.toMatch(/<style|style=|\son\w+=|<script(?![^>]*src=)/);
  },
);
