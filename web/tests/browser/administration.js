// An administrator's day, and what an officer is shown.
import assert from "node:assert/strict";
import { join } from "node:path";
import { isTooWide, violations } from "./looks.js";
import { OUTPUT, asks, isLive, newOffice, person, signIn } from "./office.js";

export const administration = {
  "an administrator makes a person who goes out, and finds what was done in the audit": async (office) => {
    const { page, troubles } = await person(office);
    await signIn(page, "admin@demo.gad");
    await page.getByRole("link", { name: "Usuarios" }).first().click();
    await page.getByRole("button", { name: "Nueva persona" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Nombre").fill("Lucía");
    await form.getByLabel("Apellido").fill("Prueba");
    await form.getByLabel("Correo").fill("lucia@prueba.gad");
    await form.getByLabel("Documento").fill("30123456");
    await form.getByLabel("Contraseña").fill("otra clave para probar");
    await form.getByLabel("Sale a la calle: es efectivo").check();
    await form.getByLabel("Código interno").fill("EF-PRUEBA");
    await form.getByLabel("Unidad").fill("Norte");
    await form.getByRole("button", { name: "Guardar" }).click();
    await form.waitFor({ state: "detached" });
    await page.getByLabel("Buscar por nombre, correo o documento").fill("lucia");
    await page.getByRole("cell", { name: "Lucía Prueba", exact: true }).waitFor();

    await page.getByRole("link", { name: "Efectivos" }).first().click();
    await page.getByLabel("Buscar efectivo o unidad").fill("EF-PRUEBA");
    await page.getByRole("link", { name: /Lucía/ }).click();
    await page.getByRole("button", { name: "Fuera de servicio" }).click();
    await page.getByRole("button", { name: "Fuera de servicio", disabled: true }).waitFor();

    await page.goto("/auditoria");
    await page.getByText(/El registro se comprueba a sí mismo/).waitFor();
    await page
      .getByRole("button", { name: /^Detalle/ })
      .first()
      .click();
    await page.getByText("Solicitud").waitFor();
    assert.deepEqual(troubles(), []);
  },

  "an administrator hands out a code for Telegram, and ends a link, by keyboard too": async (office) => {
    const { page, troubles } = await person(office);
    await signIn(page, "admin@demo.gad");
    await page.goto("/usuarios");
    await page.getByLabel("Buscar por nombre, correo o documento").fill("supervisor@demo.gad");
    const row = page.getByRole("row").filter({ hasText: "supervisor@demo.gad" });
    await row.getByRole("button", { name: /Telegram/ }).press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Sin cuenta de Telegram vinculada.").waitFor();
    await dialog.getByRole("button", { name: "Pedir código" }).press("Enter");
    const order = dialog.locator("code");
    assert.match(await order.innerText(), /^\/vincular [0-9A-Z]{10}$/);
    const first = await order.innerText();
    const [, code] = first.split(" ");
    assert.equal(
      await dialog.getByRole("link", { name: "Abrir el bot con el código" }).getAttribute("href"),
      `https://t.me/prueba_bot?start=${code}`,
    );
    await dialog.getByRole("img", { name: /QR/ }).waitFor();
    assert.deepEqual(await violations(page, "código de vínculo light"), []);
    await page.screenshot({ path: join(OUTPUT, "codigo-light-1280.png") });
    await page.emulateMedia({ colorScheme: "dark" });
    assert.deepEqual(await violations(page, "código de vínculo dark"), []);
    await page.screenshot({ path: join(OUTPUT, "codigo-dark-1280.png") });
    await page.setViewportSize({ width: 360, height: 740 });
    assert.equal(await isTooWide(page), false);
    await page.screenshot({ path: join(OUTPUT, "codigo-dark-360.png") });
    await page.setViewportSize({ width: 1280, height: 800 });
    await dialog.getByRole("button", { name: "Pedir otro código" }).press("Enter");
    await page.waitForFunction((first) => document.querySelector("dialog code")?.textContent !== first, first);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });

    // An account that the office was given together with its user.
    const user = { telegram_id: 700_001, nombre: "Vinculada Prueba", nivel: "1" };
    assert.ok((await asks(page, "POST", "/api/v1/usuarios", user)).status < 300);
    await page.reload();
    await page.getByLabel("Buscar por nombre, correo o documento").fill(user.nombre);
    const linked = page.getByRole("row").filter({ hasText: user.nombre });
    await linked.getByRole("button", { name: /Telegram/ }).click();
    await dialog.getByText("Vinculado a la cuenta 700001.").waitFor();
    await dialog.getByRole("button", { name: "Quitar el vínculo…" }).press("Enter");
    await dialog.getByText("trabaja solo por Telegram").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Conservarlo");
    assert.deepEqual(await violations(page, "fin del vínculo"), []);
    await page.keyboard.press("Enter");
    await dialog.getByText("Vinculado a la cuenta 700001.").waitFor();
    await dialog.getByRole("button", { name: "Quitar el vínculo…" }).click();
    await dialog.getByRole("button", { name: "Quitar el vínculo", exact: true }).click();
    await dialog.getByText("Sin cuenta de Telegram vinculada.").waitFor();
    await dialog.getByRole("button", { name: "Cerrar" }).click();
    await linked.getByText("Sin vínculo").waitFor();
    assert.deepEqual(troubles(), []);
  },

  "whoever opens an empty office is shown the first steps, and takes them": async ({ browser }) => {
    const office = await newOffice(browser);
    try {
      const { page, troubles } = await person(office);
      await signIn(page, "ana@prueba.gad");
      await page.getByRole("heading", { name: "La oficina está lista, y vacía" }).waitFor();
      await page.screenshot({ path: join(OUTPUT, "oficina-vacia.png") });
      await page.getByRole("link", { name: "Crear a la primera persona" }).click();
      await page.getByRole("button", { name: "Nueva persona" }).click();
      const form = page.getByRole("dialog");
      await form.getByLabel("Nombre").fill("Beto");
      await form.getByLabel("Apellido").fill("Segundo");
      await form.getByLabel("Correo").fill("beto@prueba.gad");
      await form.getByLabel("Documento").fill("30000002");
      await form.getByLabel("Contraseña").fill("otra clave para probar");
      await form.getByLabel("Sale a la calle: es efectivo").check();
      await form.getByLabel("Código interno").fill("EF-1");
      await form.getByRole("button", { name: "Guardar" }).click();
      await form.waitFor({ state: "detached" });
      await page.getByRole("link", { name: "Tablero" }).first().click();
      await page.getByRole("link", { name: "Beto Segundo" }).waitFor();
      assert.deepEqual(troubles(), []);
    } finally {
      await office.close();
    }
  },

  "a field that is refused is shown at its place": async (office) => {
    const { page, troubles } = await person(office, { expect: [/40[09]|422/] });
    await signIn(page, "admin@demo.gad");
    await page.goto("/usuarios");
    await page.getByRole("button", { name: "Nueva persona" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Nombre").fill("Doble");
    await form.getByLabel("Apellido").fill("Persona");
    await form.getByLabel("Correo").fill("admin@demo.gad");
    await form.getByLabel("Documento").fill("30999999");
    await form.getByLabel("Contraseña").fill("otra clave para probar");
    await form.getByRole("button", { name: "Guardar" }).click();
    await form
      .getByRole("alert")
      .filter({ hasText: /already exists|Ya existe|e-mail|email/i })
      .waitFor();
    assert.equal(await form.getByLabel("Nombre").inputValue(), "Doble", "what was typed stays");
    assert.deepEqual(troubles(), []);
  },

  "an officer sees their own tasks and nothing of others": async (office) => {
    const { page, troubles } = await person(office, { expect: [/403/] });
    await signIn(page, "efectivo@demo.gad");
    await page.getByRole("heading", { name: "Tareas" }).waitFor();
    assert.equal(await page.getByRole("link", { name: "Usuarios" }).count(), 0);
    for (const path of ["/usuarios", "/auditoria", "/informes", "/efectivos"]) {
      await page.goto(path);
      await isLive(page);
      await page.getByRole("heading", { name: "Tareas" }).waitFor();
    }
    assert.equal((await asks(page, "GET", "/api/v1/users/")).status, 403);
    assert.deepEqual(troubles(), []);
  },

  "a report has its figures, and is taken away as a file": async (office) => {
    const { page, troubles } = await person(office);
    await signIn(page, "supervisor@demo.gad");
    await page.goto("/informes");
    await page.getByRole("button", { name: "30 días" }).click();
    await page.getByRole("heading", { name: "Por día", exact: true }).waitFor();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Excel" }).click(),
    ]);
    assert.match(file.suggestedFilename(), /\.xlsx$/);
    assert.deepEqual(troubles(), []);
  },

  "both languages and both themes stay as they were chosen": async (office) => {
    const { page, troubles } = await person(office);
    await signIn(page, "supervisor@demo.gad");
    await page.getByRole("button", { name: "English" }).first().click();
    await page.getByRole("button", { name: "Dark" }).first().click();
    await page.reload();
    await page.getByText("Live", { exact: true }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
    assert.deepEqual(troubles(), []);
  },
};
