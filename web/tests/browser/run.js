// What people do at the dashboard, in a real browser against the real binary.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { OUTPUT, asks, open, person, signIn } from "./office.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const only = process.argv[2];
const stories = [];
const story = (name, tell) => stories.push({ name, tell });

async function violations(page) {
  // Through the debugger, which the policy of our pages does not bind.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .map(({ html, any }) => `${html.slice(0, 160)} ${any.map(({ message }) => message).join("; ")}`)
        .slice(0, 3)
        .join(" | ")}`,
  );
}

story("each screen is accessible in both themes, at three widths, and leaves the machine alone", async (office) => {
  const found = [];
  for (const colorScheme of ["light", "dark"]) {
    const { page, troubles } = await person(office, { colorScheme });
    await page.goto("/");
    await page.getByRole("heading", { name: "GAD" }).waitFor();
    found.push(...(await violations(page)).map((one) => `sign-in ${colorScheme} ${one}`));
    await page.screenshot({ path: join(OUTPUT, `ingreso-${colorScheme}-1280.png`) });
    await signIn(page, "supervisor@demo.gad");
    for (const [name, path] of [
      ["tablero", "/"],
      ["tareas", "/tareas"],
      ["tarea", "/tareas/290"],
      ["nueva", "/nueva"],
      ["emergencia", "/emergencia"],
      ["efectivos", "/efectivos"],
      ["sesiones", "/sesiones"],
    ]) {
      await page.goto(path);
      await page.getByText("En vivo", { exact: true }).waitFor();
      if (name === "emergencia" || name === "nueva") {
        await page.getByLabel("Latitud").fill("-34.6037");
        await page.getByLabel("Longitud").fill("-58.3816");
        await page
          .getByText(/visto hace/)
          .first()
          .waitFor();
      } else
        await page
          .getByText(/Disponible|Programada|Finalizada|Cancelada|Esta/)
          .first()
          .waitFor();
      for (const [width, height] of [
        [360, 740],
        [1280, 800],
        [2560, 1440],
      ]) {
        await page.setViewportSize({ width, height });
        await page.waitForLoadState("networkidle");
        assert.ok(
          await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
          `${name} is wider than ${width}`,
        );
        await page.screenshot({ path: join(OUTPUT, `${name}-${colorScheme}-${width}.png`) });
      }
      await page.setViewportSize({ width: 1280, height: 800 });
      found.push(...(await violations(page)).map((one) => `${name} ${colorScheme} ${one}`));
    }
    found.push(...troubles());
    await page.context().close();
  }
  assert.deepEqual(found, []);
});

story("a supervisor answers an emergency while an officer moves, in three clicks", async (office) => {
  const { page, troubles } = await person(office);
  await signIn(page, "supervisor@demo.gad");
  await page.getByRole("link", { name: "Emergencia" }).click();
  const map = page.locator(".maplibregl-canvas");
  await map.click({ position: { x: 300, y: 300 } });
  const send = page.getByRole("button", { name: /^Enviar/ });
  await page
    .getByText(/visto hace|Nadie libre/)
    .first()
    .waitFor();
  const moved = await asks(page, "POST", "/api/v1/posiciones", {
    posiciones: [{ efectivo_id: 1, lat: -34.6, lng: -58.4 }],
  });
  assert.ok(moved.status < 300, JSON.stringify(moved));
  await send.click();
  await page.getByRole("heading", { name: /^EMG-/ }).waitFor();
  await page.getByText("Emergencia nueva").waitFor();
  assert.deepEqual(troubles(), []);
});

story("two supervisors edit one task: the second sees both versions and loses nothing", async (office) => {
  const { page, troubles } = await person(office, { expect: [/412/] });
  await signIn(page, "supervisor@demo.gad");
  await page.goto("/tareas/290");
  await page.getByRole("button", { name: "Editar" }).click();
  await page.getByLabel("Título").fill("Lo que escribe la primera");
  const other = await asks(page, "PUT", "/api/v1/tasks/290", { titulo: "Lo que escribe la otra" });
  assert.equal(other.status, 200);
  await page.getByRole("button", { name: "Guardar" }).click();
  await page.getByRole("dialog").getByText("Lo que escribe la otra").waitFor();
  await page.screenshot({ path: join(OUTPUT, "conflicto-1280.png") });
  await page.getByRole("button", { name: "Usar la mía" }).click();
  await page.getByRole("heading", { name: "Lo que escribe la primera" }).waitFor();
  assert.deepEqual(troubles(), []);
});

story("the network is cut and comes back: the screen says so, and catches up", async (office) => {
  const { page, context, troubles } = await person(office, { expect: [/ERR_INTERNET_DISCONNECTED/] });
  await signIn(page, "supervisor@demo.gad");
  const other = await person(office);
  await signIn(other.page, "supervisor@demo.gad");
  await page.getByText("Tareas en curso").waitFor();
  await context.setOffline(true);
  await page.getByText(/Sin conexión: lo que ve es de las/).waitFor();
  const raised = await asks(other.page, "POST", "/api/v1/tasks/emergency", {
    telegram_id: 0,
    lat: -34.62,
    lng: -58.45,
    descripcion: "Mientras no había red",
  });
  assert.equal(raised.status, 200);
  await context.setOffline(false);
  await page.getByText("Mientras no había red").waitFor();
  await page.getByText("En vivo", { exact: true }).waitFor();
  assert.deepEqual(troubles(), []);
});

story("a session that is ended elsewhere asks to sign in, and what was typed stays", async (office) => {
  const { page, troubles } = await person(office, { expect: [/40[13]/] });
  await signIn(page, "supervisor@demo.gad");
  await page.getByRole("link", { name: "Nueva tarea" }).click();
  await page.getByLabel("Título").fill("Escrita antes de que terminara la sesión");
  const { body } = await asks(page, "GET", "/api/v1/auth/sessions");
  await asks(page, "DELETE", `/api/v1/auth/sessions/${body.find(({ actual }) => actual).id}`);
  const dialog = page.getByRole("dialog");
  await dialog.getByText("lo que estaba haciendo sigue aquí").waitFor();
  await dialog.getByLabel("Contraseña").fill("una clave para probar");
  await dialog.getByRole("button", { name: "Ingresar" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Crear tarea" }).click();
  await page.getByRole("heading", { name: "Escrita antes de que terminara la sesión" }).waitFor();
  assert.deepEqual(troubles(), []);
});

const office = await open();
let failed = 0;
try {
  for (const { name, tell } of stories.filter(({ name }) => !only || name.includes(only))) {
    try {
      await tell(office);
      console.log(`✓ ${name}`);
    } catch (error) {
      failed++;
      console.log(`✗ ${name}\n${error.stack}`);
      for (const [index, context] of office.browser.contexts().entries()) {
        await context
          .pages()[0]
          ?.screenshot({ path: join(OUTPUT, `failed-${failed}-${index}.png`) })
          .catch(() => {});
      }
    }
    for (const context of office.browser.contexts()) await context.close();
  }
} finally {
  await office.close();
}
process.exitCode = failed ? 1 : 0;
