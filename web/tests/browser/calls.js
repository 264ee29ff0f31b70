// Calls for help, from the desk to the officer who accepts.
import assert from "node:assert/strict";
import { join } from "node:path";
import { violations } from "./looks.js";
import { OUTPUT, PASSWORD, asks, isLive, person, signIn, twice } from "./office.js";

let calls = 0;
const used = new Set();

/** A place of its own for each call, out of reach of those who are at another. */
const somewhere = () => ({ lat: -54 + calls++, lng: -68 });

/** Free officers report from around a place, the first the nearest. Nobody else is near. */
async function gather(page, { lat, lng }, many) {
  const all = (await asks(page, "GET", "/api/v1/efectivos?limit=500")).body;
  const free = all.filter(({ id, estado_disponibilidad: is }) => is === "disponible" && !used.has(id)).slice(-many);
  assert.equal(free.length, many);
  for (const { id } of free) used.add(id);
  const posiciones = free.map(({ id }, n) => ({ efectivo_id: id, lat: lat + (n + 1) / 2000, lng, precision_m: 40 }));
  const told = await asks(page, "POST", "/api/v1/posiciones", { posiciones: twice(posiciones) });
  assert.ok(told.status < 300, JSON.stringify(told));
  return free;
}

/** An emergency that the office dispatches by itself. */
async function call(page, place, descripcion, more = {}) {
  const raised = await asks(page, "POST", "/api/v1/tasks/emergency", {
    telegram_id: 0,
    ...place,
    descripcion,
    ...more,
  });
  assert.equal(raised.status, 200, JSON.stringify(raised));
  return raised.body;
}

const email = (officer) => (officer === 1 ? "efectivo@demo.gad" : `efectivo${officer}@demo.gad`);

/** What an officer does with an assignment of a task, over the API. */
async function answers(office, officer, task, step) {
  const form = new URLSearchParams({ username: email(officer), password: PASSWORD });
  const { access_token: token } = await (
    await fetch(`${office.url}/api/v1/auth/login`, { method: "POST", body: form })
  ).json();
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const own = await (await fetch(`${office.url}/api/v1/asignaciones/mias`, { headers })).json();
  const { id } = own.find(({ tarea_id }) => tarea_id === task);
  const path = `${office.url}/api/v1/asignaciones/${id}/pasos`;
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(step) });
  assert.equal(answer.status, 200, await answer.text());
}

const stack = (page) => page.getByRole("region", { name: "Emergencias sin aceptar" });
/** The alert of a call. Only the first three are shown until all are asked for. */
const alert = (page, code) => stack(page).getByRole("listitem").filter({ hasText: code });
async function seesAlert(page, code) {
  const all = stack(page).getByRole("button", { name: /^Ver las/ });
  await alert(page, code).or(all).first().waitFor();
  if (!(await alert(page, code).isVisible())) await all.click();
  await alert(page, code).waitFor();
}
const sent = (page) => page.getByRole("region", { name: /^Enviadas, sin aceptar/ });
const card = (page, code) => sent(page).getByRole("listitem").filter({ hasText: code });

/** Ends a call, so that its officers are free for the next story. */
const ends = (page, task) => asks(page, "PUT", `/api/v1/tasks/${task}`, { estado: "cancelada" });

export const callsForHelp = {
  "a supervisor sends the second candidate, and the page says why": async (office) => {
    const { page, troubles } = await person(office);
    await signIn(page, "supervisor@demo.gad");
    const place = somewhere();
    const [first, chosen] = await gather(page, place, 3);
    await page.getByRole("link", { name: "Emergencia", exact: true }).click();
    await page.getByLabel("Latitud").fill(String(place.lat));
    await page.getByLabel("Longitud").fill(String(place.lng));
    const second = page.getByRole("checkbox", { name: new RegExp(`^${chosen.nombre}`) });
    await second.check();
    await page.screenshot({ path: join(OUTPUT, "emergencia-segundo.png") });
    assert.deepEqual(await violations(page, "emergencia, segundo"), []);
    await page.getByRole("button", { name: `Enviar a ${chosen.nombre}` }).click();
    const heading = page.getByRole("heading", { name: /^EMG-/ });
    await heading.waitFor();
    const panel = page.getByRole("region", { name: "Envíos y respuestas" });
    await panel.getByText(chosen.nombre, { exact: true }).waitFor();
    await page.getByText("¿Por qué esta persona?").click();
    await page.getByText("Elección de supervisión").waitFor();
    await page.getByRole("row", { name: new RegExp(`${chosen.nombre}.*elegido`) }).waitFor();
    await page.getByRole("row", { name: new RegExp(`${first.nombre}.*(apto|Última opción)`) }).waitFor();
    assert.deepEqual(await violations(page, "tarea con decisiones"), []);
    await page.screenshot({ path: join(OUTPUT, "por-que.png"), fullPage: true });
    await ends(page, Number(new URL(page.url()).pathname.split("/").at(-1)));
    assert.deepEqual(troubles(), []);
  },

  "an officer declines, and the board shows who has the call now": async (office) => {
    const { page, troubles } = await person(office);
    await signIn(page, "supervisor@demo.gad");
    const place = somewhere();
    const [first, next] = await gather(page, place, 3);
    const { task_id: task, codigo: code } = await call(page, place, "Choque en la avenida");
    await card(page, code).getByText(first.nombre, { exact: true }).waitFor();
    await answers(office, first.id, task, { estado: "rechazada", motivo: "Sin vehículo" });
    await card(page, code).getByText(next.nombre, { exact: true }).waitFor();
    assert.equal(await card(page, code).getByText(first.nombre, { exact: true }).count(), 0);
    await page.screenshot({ path: join(OUTPUT, "enviadas.png") });
    assert.deepEqual(await violations(page, "enviadas"), []);
    await page.goto(`/tareas/${task}`);
    const history = page.getByRole("region", { name: "Historia" });
    await history.getByText("Sin vehículo").waitFor();
    await answers(office, next.id, task, { estado: "en_camino" });
    await history.getByText("En camino").waitFor();
    await page.screenshot({ path: join(OUTPUT, "tarea-rechazada.png"), fullPage: true });
    await page.goto("/");
    await isLive(page);
    await sent(page).waitFor();
    await card(page, code).waitFor({ state: "detached" });
    await ends(page, task);
    assert.deepEqual(troubles(), []);
  },

  "alerts outlive a reload, and who takes one is seen at the other desk": async (office) => {
    const [one, two] = [await person(office), await person(office, { expect: [/409/] })];
    await signIn(one.page, "supervisor@demo.gad");
    await signIn(two.page, "supervisor3@demo.gad");
    const place = somewhere();
    await gather(one.page, place, 1);
    const served = await call(one.page, place, "Humo en un tercer piso");
    const waits = await call(one.page, somewhere(), "Nadie cerca", { efectivos: [] });
    for (const { page } of [one, two]) await seesAlert(page, served.codigo);
    await one.page.reload();
    await isLive(one.page);
    await seesAlert(one.page, served.codigo);
    const mine = alert(two.page, served.codigo);
    await mine.getByRole("button", { name: /^Tomar/ }).click();
    await mine.getByText(/La tomó usted/).waitFor();
    const theirs = alert(one.page, served.codigo);
    await seesAlert(one.page, served.codigo);
    await theirs.getByText(/La tomó .*3,/).waitFor();
    await one.page.screenshot({ path: join(OUTPUT, "alertas.png") });
    assert.deepEqual(await violations(one.page, "alertas"), []);
    await one.page.reload();
    await isLive(one.page);
    await seesAlert(one.page, served.codigo);
    await theirs.getByText(/La tomó .*3,/).waitFor();
    // Taking it over is asked for twice.
    await theirs.getByRole("button", { name: /^Tomar/ }).click();
    await one.page.getByRole("dialog").getByRole("button", { name: "Tomar de todos modos" }).click();
    await theirs.getByText(/La tomó usted/).waitFor();
    await mine.getByText(/La tomó (?!usted)/).waitFor();
    for (const { task_id: task } of [served, waits]) await ends(one.page, task);
    await theirs.waitFor({ state: "detached" });
    assert.deepEqual([...one.troubles(), ...two.troubles()], []);
  },

  "an officer is told by radio, and accepts by radio": async (office) => {
    const { page, troubles } = await person(office);
    await signIn(page, "admin@demo.gad");
    const place = somewhere();
    const [officer] = await gather(page, place, 1);
    // The officer's number, to be called.
    const phone = { telefono: "+54 11 5555 0028" };
    assert.equal((await asks(page, "PUT", `/api/v1/users/${officer.usuario_id}`, phone)).status, 200);
    const { task_id: task, codigo: code } = await call(page, place, "Persona caída");
    const mine = card(page, code);
    await mine.getByText("Enviada", { exact: true }).waitFor();
    const link = mine.getByRole("link", { name: /55 0028$/ });
    await link.waitFor();
    assert.equal(await link.getAttribute("href"), "tel:+541155550028");
    await mine.getByRole("button", { name: /^Avisado por radio\/teléfono/ }).click();
    await mine.getByText("Avisada", { exact: true }).waitFor();
    assert.equal(await mine.getByRole("button", { name: /^Avisado/ }).count(), 0);
    const steps = (await asks(page, "GET", `/api/v1/tasks/${task}/asignaciones`)).body[0].pasos;
    assert.deepEqual([steps.at(-1).estado, steps.at(-1).canal], ["avisada", "voz"]);
    await mine.getByRole("button", { name: /^Acepta/ }).click();
    await mine.waitFor({ state: "detached" });
    await ends(page, task);
    assert.deepEqual(troubles(), []);
  },

  "an officer whom the rules exclude is sent only when the supervisor says so": async (office) => {
    const { page, troubles } = await person(office);
    await signIn(page, "supervisor@demo.gad");
    const place = somewhere();
    await gather(page, place, 1);
    const all = (await asks(page, "GET", "/api/v1/efectivos?limit=500")).body;
    const away = all.find(({ estado_disponibilidad: is }) => is === "no_disponible");
    const there = { posiciones: twice([{ efectivo_id: away.id, lat: place.lat, lng: place.lng, precision_m: 300 }]) };
    assert.ok((await asks(page, "POST", "/api/v1/posiciones", there)).status < 300);
    await page.goto("/emergencia");
    await page.getByLabel("Latitud").fill(String(place.lat));
    await page.getByLabel("Longitud").fill(String(place.lng));
    await page.getByRole("checkbox", { name: new RegExp(`^${away.nombre}.*no disponible`) }).check();
    const send = page.getByRole("button", { name: `Enviar a ${away.nombre}` });
    assert.ok(await send.isDisabled());
    await page.getByRole("checkbox", { name: "Enviar de todos modos" }).check();
    assert.deepEqual(await violations(page, "emergencia, excluido"), []);
    await page.screenshot({ path: join(OUTPUT, "emergencia-excluido.png") });
    await send.click();
    await page.getByRole("heading", { name: /^EMG-/ }).waitFor();
    await page.getByText("¿Por qué esta persona?").click();
    await page.getByText("Se envió aunque las reglas lo excluían.").waitFor();
    await ends(page, Number(new URL(page.url()).pathname.split("/").at(-1)));
    assert.deepEqual(troubles(), []);
  },

  "a supervisor records that an officer declines, and must say why": async (office) => {
    const { page, troubles } = await person(office);
    await signIn(page, "supervisor@demo.gad");
    const place = somewhere();
    await gather(page, place, 1);
    const { task_id: task, codigo: code } = await call(page, place, "Ruidos en un depósito");
    const mine = card(page, code);
    await mine.getByRole("button", { name: /^Rechaza/ }).click();
    assert.ok(await mine.getByRole("button", { name: "Registrar el rechazo" }).isDisabled());
    await page.keyboard.type("Pinchadura");
    await page.keyboard.press("Enter");
    await mine.waitFor({ state: "detached" });
    // Nobody else is near: it waits, and the desk sees that.
    await seesAlert(page, code);
    await alert(page, code).getByText("Espera efectivo").waitFor();
    await ends(page, task);
    assert.deepEqual(troubles(), []);
  },

  "an officer's open page confirms that the call arrived, and the officer accepts there": async (office) => {
    const [desk, own] = [await person(office), await person(office, { width: 360, height: 740 })];
    await signIn(desk.page, "supervisor@demo.gad");
    const place = somewhere();
    const [officer] = await gather(desk.page, place, 1);
    await signIn(own.page, email(officer.id));
    const { task_id: task, codigo: code } = await call(desk.page, place, "Accidente en la ruta");
    await card(desk.page, code).getByText("Avisada", { exact: true }).waitFor();
    const [{ pasos }] = (await asks(desk.page, "GET", `/api/v1/tasks/${task}/asignaciones`)).body;
    const told = pasos.find(({ estado }) => estado === "avisada");
    assert.equal(told.canal, "web");
    const mine = own.page.getByRole("region", { name: "Lo que le enviaron" });
    await mine.getByRole("link", { name: code }).waitFor();
    await own.page.screenshot({ path: join(OUTPUT, "efectivo-recibe.png") });
    assert.deepEqual(await violations(own.page, "efectivo recibe"), []);
    const accepts = mine.getByRole("button", { name: `Acepto: ${code}` });
    await accepts.click();
    await accepts.waitFor({ state: "detached" });
    await card(desk.page, code).waitFor({ state: "detached" });
    await own.page.goto(`/tareas/${task}`);
    const panel = own.page.getByRole("region", { name: "Envíos y respuestas" });
    await panel.getByRole("button", { name: /^Llegué/ }).click();
    await panel.getByText("En el lugar", { exact: true }).first().waitFor();
    await own.page.screenshot({ path: join(OUTPUT, "efectivo-llego.png"), fullPage: true });
    await ends(desk.page, task);
    assert.deepEqual([...desk.troubles(), ...own.troubles()], []);
  },

  "the board says that Telegram is down and whom to call, and what waits too long": async (office) => {
    const { page, troubles } = await person(office);
    // As the office answers while the breaker is open and its limit is a second.
    await page.route("**/api/v1/alertas", async (route) => {
      const answer = await route.fetch();
      await route.fulfill({
        response: answer,
        json: { ...(await answer.json()), telegram: "degraded", espera_maxima_s: 1 },
      });
    });
    await signIn(page, "admin@demo.gad");
    const place = somewhere();
    const [officer] = await gather(page, place, 1);
    const phone = { telefono: "+54 11 5555 0099" };
    assert.equal((await asks(page, "PUT", `/api/v1/users/${officer.usuario_id}`, phone)).status, 200);
    const reached = await call(page, place, "Choque sin heridos");
    const waits = await call(page, somewhere(), "Nadie cerca");
    await page.goto("/");
    await isLive(page);
    const down = sent(page).getByRole("status");
    await down.getByText("Telegram no responde.").waitFor();
    await down.getByText(officer.nombre).waitFor();
    await down.getByRole("link", { name: "+54 11 5555 0099" }).waitFor();
    await seesAlert(page, waits.codigo);
    const late = alert(page, waits.codigo);
    await late.getByText("Espera demasiado").waitFor();
    await page.screenshot({ path: join(OUTPUT, "telegram-caido.png") });
    assert.deepEqual(await violations(page, "telegram caído"), []);
    for (const { task_id: task } of [reached, waits]) await ends(page, task);
    assert.deepEqual(troubles(), []);
  },

  "a supervisor undoes a burst of calls, and sees what was kept": async (office) => {
    const [desk, own] = [await person(office), await person(office)];
    await signIn(desk.page, "supervisor@demo.gad");
    await signIn(own.page, email(41));
    const raised = [];
    for (const n of [1, 2]) raised.push(await call(own.page, somewhere(), `Llamada ${n}`));
    await desk.page.goto(`/tareas/${raised[0].task_id}`);
    await desk.page.getByRole("button", { name: "Deshacer llamadas de esta persona" }).click();
    const dialog = desk.page.getByRole("dialog");
    await dialog.getByLabel("Motivo").fill("Teléfono robado");
    assert.deepEqual(await violations(desk.page, "deshacer"), []);
    await desk.page.screenshot({ path: join(OUTPUT, "deshacer.png") });
    await dialog.getByRole("button", { name: "Cancelar esas llamadas" }).click();
    await dialog.getByText("Canceladas: 2").waitFor();
    await dialog.getByText(/Conservadas.*0$/).waitFor();
    await desk.page.screenshot({ path: join(OUTPUT, "deshechas.png") });
    assert.deepEqual([...desk.troubles(), ...own.troubles()], []);
  },
};
