// Lines that are cut, servers that go away, sessions that end.
import assert from "node:assert/strict";
import { join } from "node:path";
import { OUTPUT, PASSWORD, asks, isLive, person, signIn } from "./office.js";

const emergency = (page, descripcion) =>
  asks(page, "POST", "/api/v1/tasks/emergency", { telegram_id: 0, lat: -34.62, lng: -58.45, descripcion });

export const lines = {
  "the network is cut and comes back: the screen says so, and catches up": async (office) => {
    const { page, context, troubles } = await person(office, { expect: [/ERR_INTERNET_DISCONNECTED/] });
    await signIn(page, "supervisor@demo.gad");
    const other = await person(office);
    await signIn(other.page, "supervisor@demo.gad");
    await page.getByText("Tareas en curso").waitFor();
    await context.setOffline(true);
    await page.getByText(/Sin conexión: lo que ve es de las/).waitFor();
    await page.screenshot({ path: join(OUTPUT, "sin-conexion.png") });
    assert.equal((await emergency(other.page, "Mientras no había red")).status, 200);
    await context.setOffline(false);
    await page.getByText("Mientras no había red").first().waitFor();
    await isLive(page);
    assert.deepEqual(troubles(), []);
  },

  "the server goes away and comes back: nothing typed is lost, and the screen is live again": async (office) => {
    const expect = [/ERR_CONNECTION_REFUSED|WebSocket connection|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/];
    const { page, troubles } = await person(office, { expect });
    await signIn(page, "supervisor@demo.gad");
    await page.getByRole("link", { name: "Nueva tarea" }).click();
    await page.getByLabel("Título").fill("Escrita mientras el servidor no estaba");
    await office.goesAway();
    try {
      await page.getByText(/Sin conexión: lo que ve es de las/).waitFor();
      await page.getByRole("button", { name: "Crear tarea" }).click();
      await page.getByText("lo escrito no se pierde").waitFor();
    } finally {
      await office.comesBack();
    }
    await isLive(page);
    await page.getByRole("button", { name: "Crear tarea" }).click();
    await page.getByRole("heading", { name: "Escrita mientras el servidor no estaba" }).waitFor();
    assert.deepEqual(troubles(), []);
  },

  "a session that is ended elsewhere asks to sign in, and what was typed stays": async (office) => {
    const { page, troubles } = await person(office, { expect: [/40[13]/] });
    await signIn(page, "supervisor@demo.gad");
    await page.getByRole("link", { name: "Nueva tarea" }).click();
    await page.getByLabel("Título").fill("Escrita antes de que terminara la sesión");
    const { body } = await asks(page, "GET", "/api/v1/auth/sessions");
    await asks(page, "DELETE", `/api/v1/auth/sessions/${body.find(({ actual }) => actual).id}`);
    const dialog = page.getByRole("dialog");
    await dialog.getByText("lo que estaba haciendo sigue aquí").waitFor();
    await page.screenshot({ path: join(OUTPUT, "sesion-terminada.png") });
    await dialog.getByLabel("Contraseña").fill(PASSWORD);
    await dialog.getByRole("button", { name: "Ingresar" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Crear tarea" }).click();
    await page.getByRole("heading", { name: "Escrita antes de que terminara la sesión" }).waitFor();
    assert.deepEqual(troubles(), []);
  },

  "who comes back to the page is still signed in, and who signs out is not": async (office) => {
    const { page, troubles } = await person(office);
    await signIn(page, "supervisor@demo.gad");
    await page.reload();
    await isLive(page);
    await page.getByRole("button", { name: "Salir" }).first().click();
    await page.getByRole("button", { name: "Ingresar" }).waitFor();
    assert.equal((await asks(page, "GET", "/api/v1/users/me")).status, 401);
    assert.deepEqual(
      troubles().filter((one) => !/401/.test(one)),
      [],
    );
  },
};
