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

/** What one can act on in a page and Tab does not come to, by the words on it. */
export async function unreached(page) {
  const count = await page.evaluate(() => {
    const acts = document.querySelectorAll("a[href], button, input:not([type=radio]), select, textarea, summary");
    const there = [...acts].filter((act) => act.checkVisibility({ visibilityProperty: true }) && !act.disabled);
    for (const act of there) act.dataset.walk = "not yet";
    document.activeElement?.blur();
    return there.length;
  });
  // Twice round, since the page lives and what it shows may move meanwhile.
  for (let step = 0; step < 2 * count; step++) {
    await page.keyboard.press("Tab");
    const left = await page.evaluate(() => {
      if (document.activeElement?.dataset.walk) document.activeElement.dataset.walk = "been there";
      return document.querySelectorAll("[data-walk='not yet']").length;
    });
    if (left === 0) break;
  }
  return page.evaluate(() =>
    [...document.querySelectorAll("[data-walk='not yet']")].map(
      (act) => act.ariaLabel || act.textContent || act.outerHTML,
    ),
  );
}
