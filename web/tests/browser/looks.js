// What is wrong with a page by its looks.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds wrong with the page, each with where it was found. */
export async function violations(page, where) {
  // Through the debugger, which the policy of our pages does not bind.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const shown = ({ html, any }) => `${html.slice(0, 160)} ${any.map(({ message }) => message).join("; ")}`;
  return violations.map(({ id, nodes }) => `${where} ${id}: ${nodes.map(shown).slice(0, 3).join(" | ")}`);
}

/** Whether anything is wider than the screen. */
export const isTooWide = (page) =>
  page.evaluate(() => {
    const main = document.querySelector("main");
    return document.documentElement.scrollWidth > innerWidth || (main && main.scrollWidth > main.clientWidth);
  });
