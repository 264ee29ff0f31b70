// A demo office on SQLite, served by the real binary, and a browser before it.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const PASSWORD = "una clave para probar";
export const OUTPUT = new URL("../../test-output/", import.meta.url).pathname;
const GAD = process.env.GAD_BIN ?? new URL("../../../target/debug/gad", import.meta.url).pathname;
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

export async function open() {
  mkdirSync(OUTPUT, { recursive: true });
  const dir = mkdtempSync(join(tmpdir(), "gad-web-"));
  const env = { PATH: process.env.PATH, RATE_LIMITING_ENABLED: "false", GAD_DATA_DIR: join(dir, "data") };
  const size = ["--users", "10", "--officers", "60", "--tasks", "300"];
  const seeded = spawnSync(GAD, ["seed", "--demo", "--password", PASSWORD, ...size], { env, encoding: "utf8" });
  if (seeded.status !== 0) throw new Error(seeded.stderr);
  const server = spawn(GAD, ["serve", "--listen", "127.0.0.1:0", "--log-level", "warn"], { env });
  const url = await new Promise((resolve, reject) => {
    server.stdout.on("data", (text) => /http:\/\/[\w.:]+/.exec(String(text))?.forEach((found) => resolve(found)));
    server.on("exit", (code) => reject(new Error(`gad ended with ${code}`)));
  });
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
  });
  return {
    url,
    browser,
    close: async () => {
      await browser.close();
      server.kill("SIGTERM");
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A person at a screen, who notices errors of the console and requests that leave the machine. */
export async function person(office, { width = 1280, height = 800, colorScheme = "light", expect = [] } = {}) {
  const context = await office.browser.newContext({
    baseURL: office.url,
    viewport: { width, height },
    colorScheme,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const troubles = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !/GPU|WebGL|GL Driver/.test(message.text()))
      troubles.push(`${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).host !== new URL(office.url).host)
      troubles.push(`left: ${request.url()}`);
  });
  return { page, context, troubles: () => troubles.filter((one) => !expect.some((allowed) => allowed.test(one))) };
}

export async function signIn(page, email) {
  await page.goto("/");
  await page.getByLabel("Correo").fill(email);
  await page.getByLabel("Contraseña").fill(PASSWORD);
  await page.getByRole("button", { name: "Ingresar" }).click();
  await page.getByText("En vivo", { exact: true }).waitFor();
}

/** Asks the API as the page's own user. */
export function asks(page, method, path, body) {
  return page.evaluate(
    async ([method, path, body]) => {
      const headers = { "Content-Type": "application/json" };
      const answer = await fetch(path, { method, headers, body: body ? JSON.stringify(body) : undefined });
      return { status: answer.status, body: await answer.json().catch(() => null) };
    },
    [method, path, body],
  );
}
