// What people do at the dashboard, in a real browser against the real binary.
//
// `node tests/browser/run.js [--without] [PART OF A NAME]...`; screenshots are left in `test-output/`.
import { join } from "node:path";
import { OUTPUT, open } from "./office.js";
import { administration } from "./administration.js";
import { callsForHelp } from "./calls.js";
import { dispatch } from "./dispatch.js";
import { lines } from "./lines.js";
import { screens } from "./screens.js";
import { smoothness } from "./smoothness.js";

const [first, ...others] = process.argv.slice(2);
const isWithout = first === "--without";
const parts = isWithout ? others : [first ?? "", ...others];
const isAsked = (name) => parts.some((part) => name.includes(part)) !== isWithout;
const stories = { ...dispatch, ...callsForHelp, ...lines, ...administration, ...screens, ...smoothness };

const office = await open();
let [passed, failed] = [0, 0];
try {
  for (const [name, tell] of Object.entries(stories).filter(([name]) => isAsked(name))) {
    const begun = performance.now();
    const took = () => `(${((performance.now() - begun) / 1000).toFixed(1)} s)`;
    try {
      await tell(office);
      passed++;
      console.log(`✓ ${name} ${took()}`);
    } catch (error) {
      failed++;
      console.log(`✗ ${name} ${took()}\n${error.stack}`);
      for (const [index, context] of office.browser.contexts().entries()) {
        const path = join(OUTPUT, `failed-${failed}-${index}.png`);
        // A page that is gone has no picture, and what failed is already said.
        await context
          .pages()[0]
          ?.screenshot({ path })
          .catch(() => {});
      }
    }
    for (const context of office.browser.contexts()) await context.close();
  }
} finally {
  await office.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed || !passed ? 1 : 0;
