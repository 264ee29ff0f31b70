// Supervisors at work.
import assert from "node:assert/strict";
import { join } from "node:path";
import { OUTPUT, asks, isLive, person, signIn, twice } from "./office.js";
import { violations } from "./looks.js";

const HERE = { lat: -34.6037, lng: -58.3816 };

/** The officers of the demo office have reported just now. */
async function everybodyReports(page) {
  const posiciones = Array.from({ length: 40 }, (_, n) => ({
    efectivo_id: n + 1,
    lat: HERE.lat + (n - 20) / 400,
    lng: HERE.lng + ((n * 7) % 40) / 400,
  }));
  const told = await asks(page, "POST", "/api/v1/posiciones", { posiciones: twice(posiciones) });
  assert.ok(told.status < 300, JSON.stringify(told));
}

export const dispatch = {
  "a task that one supervisor makes appears on the other's board while both look on": async (office) => {
    const [one, two] = [await person(office), await person(office)];
    await signIn(one.page, "supervisor@demo.gad");
    await signIn(two.page, "supervisor3@demo.gad");
    await everybodyReports(one.page);
    await one.page.getByRole("link", { name: "Nueva tarea" }).click();
    await one.page.getByLabel("Título").fill("Ordenar el tránsito en la plaza");
    await one.page.getByLabel("Latitud").fill(String(HERE.lat));
    await one.page.getByLabel("Longitud").fill(String(HERE.lng));
    await one.page.getByRole("checkbox").first().check();
    await one.page.getByRole("button", { name: "Crear y enviar a 1" }).click();
    await one.page.getByRole("heading", { name: /^TAR-/ }).waitFor();
    await one.page.getByRole("button", { name: "Iniciar" }).click();
    await one.page.getByText("Guardado.").waitFor();
    await two.page.getByText("Ordenar el tránsito en la plaza").first().waitFor();
    await two.page.screenshot({ path: join(OUTPUT, "llega-en-vivo.png") });
    assert.deepEqual([...one.troubles(), ...two.troubles()], []);
  },

  "a supervisor answers an emergency in three clicks, and everybody hears of it": async (office) => {
    const [one, two] = [await person(office), await person(office)];
    await signIn(one.page, "supervisor@demo.gad");
    await signIn(two.page, "admin@demo.gad");
    await everybodyReports(one.page);
    await one.page.getByRole("link", { name: "Emergencia", exact: true }).click();
    await one.page.locator(".maplibregl-canvas").click({ position: { x: 300, y: 300 } });
    const send = one.page.getByRole("button", { name: /^Enviar a/ });
    await send.waitFor();
    await one.page.screenshot({ path: join(OUTPUT, "emergencia-elegida.png") });
    await send.click();
    await one.page.getByRole("heading", { name: /^EMG-/ }).waitFor();
    const code = await one.page.getByRole("heading", { name: /^EMG-/ }).innerText();
    for (const { page } of [one, two])
      await page.getByRole("region", { name: "Emergencias sin aceptar" }).getByRole("link", { name: code }).waitFor();
    await two.page.screenshot({ path: join(OUTPUT, "emergencia-avisada.png") });
    await two.page.getByRole("region", { name: "Emergencias sin aceptar" }).getByRole("link", { name: code }).click();
    await two.page.getByRole("heading", { name: /^EMG-/ }).waitFor();
    assert.deepEqual([...one.troubles(), ...two.troubles()], []);
  },

  "a task goes through its states, and officers are sent and taken off": async (office) => {
    const { page, troubles } = await person(office);
    await signIn(page, "supervisor@demo.gad");
    await everybodyReports(page);
    const task = {
      codigo: "PRUEBA-ESTADOS",
      titulo: "Cuidar la salida de la escuela",
      tipo: "vigilancia",
      inicio_programado: new Date().toISOString(),
      delegado_usuario_id: (await asks(page, "GET", "/api/v1/users/me")).body.id,
      ubicacion_lat: HERE.lat,
      ubicacion_lon: HERE.lng,
    };
    const made = await asks(page, "POST", "/api/v1/tasks/", task);
    await page.goto(`/tareas/${made.body.id}`);
    await page.getByRole("button", { name: "Enviar a alguien" }).click();
    await page
      .getByRole("button", { name: /^Enviar: / })
      .first()
      .click();
    await page.getByRole("button", { name: /^Quitar: / }).waitFor();
    for (const [move, state] of [
      ["Iniciar", "En curso"],
      ["Pausar", "Pausada"],
      ["Reanudar", "En curso"],
      ["Finalizar", "Finalizada"],
    ]) {
      await page.getByRole("button", { name: move }).click();
      await page.locator("h1 + span", { hasText: state }).waitFor();
    }
    await page.getByText("Esta tarea terminó").waitFor();
    assert.equal(await page.getByRole("listitem").filter({ hasText: "En curso" }).count(), 2, "history has both");
    assert.deepEqual(troubles(), []);
  },

  "two supervisors edit one task: the second sees both versions and loses nothing": async (office) => {
    const { page, troubles } = await person(office, { expect: [/412/] });
    await signIn(page, "supervisor@demo.gad");
    await page.goto("/tareas/290");
    await page.getByRole("button", { name: "Editar" }).click();
    await page.getByLabel("Título").fill("Lo que escribe la primera");
    const other = await asks(page, "PUT", "/api/v1/tasks/290", { titulo: "Lo que escribe la otra" });
    assert.equal(other.status, 200);
    await page.getByRole("button", { name: "Guardar" }).click();
    await page.getByRole("dialog").getByText("Lo que escribe la otra").waitFor();
    await page.screenshot({ path: join(OUTPUT, "conflicto.png") });
    await page.getByRole("button", { name: "Usar la mía" }).click();
    await page.getByRole("heading", { name: "Lo que escribe la primera" }).waitFor();
    assert.deepEqual(troubles(), []);
  },

  "all of it goes by keyboard: find a task, open it, write, save": async (office) => {
    const { page, troubles } = await person(office);
    await signIn(page, "supervisor@demo.gad");
    await page.keyboard.press("n");
    await page.getByRole("heading", { name: "Nueva tarea" }).waitFor();
    await page.goto("/tareas");
    await isLive(page);
    await page.keyboard.press("/");
    await page.keyboard.type("DEMO-000280");
    await page.waitForURL(/q=DEMO-000280/);
    await page.getByRole("link", { name: "DEMO-000280" }).waitFor();
    // It stands in the list from before too, until the answer comes.
    await page.locator("tbody tr").nth(1).waitFor({ state: "detached" });
    assert.equal(await page.locator("tbody tr").count(), 1);
    await page.getByRole("searchbox").press("Tab");
    await page.keyboard.press("j");
    await page.locator("tbody a").press("Enter");
    await page.getByRole("heading", { name: "DEMO-000280" }).waitFor();
    await page.getByRole("button", { name: "Editar" }).press("Enter");
    await page.getByLabel("Título").press("End");
    await page.keyboard.type(" y volver");
    await page.keyboard.press("Enter");
    await page.getByText("Guardado.").waitFor();
    await page.getByRole("heading", { name: /y volver$/ }).waitFor();
    assert.deepEqual(troubles(), []);
  },

  "an emergency is answered by keyboard alone": async (office) => {
    const { page, troubles } = await person(office);
    await signIn(page, "supervisor@demo.gad");
    await everybodyReports(page);
    await page.keyboard.press("e");
    await page.getByRole("heading", { name: "Emergencia", exact: true }).waitFor();
    await page.getByLabel("Latitud").focus();
    await page.keyboard.type(String(HERE.lat));
    await page.keyboard.press("Tab");
    await page.keyboard.type(String(HERE.lng));
    await page.getByRole("button", { name: /^Enviar a/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: /^EMG-/ }).waitFor();
    assert.deepEqual(troubles(), []);
  },

  "a note that one leaves with a task is read by the other while both look on": async (office) => {
    const { page, troubles } = await person(office);
    await signIn(page, "supervisor@demo.gad");
    await page.goto("/tareas/290");
    const other = await person(office);
    await signIn(other.page, "admin@demo.gad");
    await other.page.goto("/tareas/290");
    const notes = other.page.getByRole("region", { name: /^Notas/ });
    await notes.getByText("Nadie dejó nada todavía.").waitFor();
    await page.getByLabel("Nueva nota").fill("El portón norte no cierra");
    await page.getByRole("button", { name: "Dejar nota" }).press("Enter");
    await notes.getByText("El portón norte no cierra").waitFor();
    await page
      .getByRole("region", { name: /^Notas/ })
      .getByText("El portón norte no cierra")
      .waitFor();
    assert.equal(await page.getByLabel("Nueva nota").inputValue(), "");
    assert.deepEqual(await violations(other.page, "notas"), []);
    await notes.scrollIntoViewIfNeeded();
    await other.page.screenshot({ path: join(OUTPUT, "notas.png") });
    assert.deepEqual([...troubles(), ...other.troubles()], []);
  },
};
