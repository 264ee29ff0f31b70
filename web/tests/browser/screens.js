// Each screen as it looks: for everybody, in both themes, from a phone to a wall.
import assert from "node:assert/strict";
import { join } from "node:path";
import { isTooWide, unreached, violations } from "./looks.js";
import { OUTPUT, isLive, person, signIn } from "./office.js";

const PHONE = [360, 740];
const DESK = [1280, 800];
const WALL = [2560, 1440];
const SCREENS = {
  tablero: ["/", /Disponible/],
  tareas: ["/tareas", /DEMO-/],
  tarea: ["/tareas/290", /Historia/],
  nueva: ["/nueva", /Quién va/],
  emergencia: ["/emergencia", /Quién va/],
  efectivos: ["/efectivos", /EF-00001/],
  efectivo: ["/efectivos/1", /EF-00001/],
  informes: ["/informes", /Por día/],
  usuarios: ["/usuarios", /supervisor@demo.gad/],
  auditoria: ["/auditoria", /Inicio de sesión/],
  sistema: ["/sistema", /Pantallas conectadas/],
  sesiones: ["/sesiones", /Esta/],
};

const all = (colorScheme, sizes) => async (office) => {
  const found = [];
  // How the service does is told with 503 when this machine is busy.
  const { page, troubles } = await person(office, { colorScheme, expect: [/health\/government/] });
  await page.goto("/");
  await page.getByRole("heading", { name: "GAD" }).waitFor();
  found.push(...(await violations(page, `ingreso ${colorScheme}`)));
  await page.screenshot({ path: join(OUTPUT, `ingreso-${colorScheme}-1280.png`) });
  await signIn(page, "admin@demo.gad");
  for (const [name, [path, sign]] of Object.entries(SCREENS)) {
    await page.goto(path);
    await isLive(page);
    await page.locator("main").getByText(sign).first().waitFor();
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height });
      await page.waitForLoadState("networkidle");
      if (await isTooWide(page)) found.push(`${name} is wider than ${width}`);
      await page.screenshot({ path: join(OUTPUT, `${name}-${colorScheme}-${width}.png`) });
      if (width !== WALL[0]) found.push(...(await violations(page, `${name} ${colorScheme} ${width}`)));
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  }
  assert.deepEqual([...found, ...troubles()], []);
};

/** Nothing that is for the mouse only: the compiler refuses clicks on what is no control. */
const byTab = async (office) => {
  const { page, troubles } = await person(office, { expect: [/health\/government/] });
  await signIn(page, "admin@demo.gad");
  for (const [name, [path, sign]] of Object.entries(SCREENS)) {
    await page.goto(path);
    await isLive(page);
    await page.locator("main").getByText(sign).first().waitFor();
    await page.waitForLoadState("networkidle");
    assert.deepEqual(await unreached(page), [], name);
    assert.ok((await page.locator("[data-walk='been there']").count()) > 10, name);
  }
  assert.deepEqual(troubles(), []);
};

export const screens = {
  "each screen: Tab comes to all that one can act on": byTab,
  "each screen by day is for everybody, fits, and leaves the machine alone": all("light", [PHONE, DESK, WALL]),
  "each screen by night is for everybody, fits, and leaves the machine alone": all("dark", [PHONE, DESK]),
};
