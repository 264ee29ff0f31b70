// A demo office on SQLite, served by the real binary, and a browser before it.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const PASSWORD = "una clave para probar";
export const OUTPUT = fileURLToPath(new URL("../../test-output/", import.meta.url));
const GAD = process.env.GAD_BIN ?? fileURLToPath(new URL("../../../target/debug/gad", import.meta.url));
const CHROMIUM = process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
const SIZE = ["--users", "10", "--officers", "60", "--tasks", "300"];

/** The office's own place and settings, and nothing of this machine's. */
function environment(dir) {
  const secret = "a secret of the tests that is long enough";
  const own = {
    SECRET_KEY: secret,
    RATE_LIMITING_ENABLED: "false",
    GAD_DATA_DIR: join(dir, "data"),
    GAD_TELEGRAM_BOT_NAME: "prueba_bot", // Named, not run: there is no token.
  };
  // On PostgreSQL when the caller has an empty database to give.
  const record = process.env.GAD_BROWSER_DATABASE_URL;
  return { PATH: process.env.PATH, ...own, ...(record ? { GAD_DATABASE_URL: record } : {}) };
}

async function serve(env, listen) {
  const arguments_ = ["serve", "--listen", listen, "--log-level", "error"];
  const server = spawn(GAD, arguments_, { env, stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise((resolve, reject) => {
    server.stdout.on("data", (text) => /http:\/\/[\w.:]+/.exec(String(text))?.forEach((found) => resolve(found)));
    server.on("exit", (code) => reject(new Error(`gad ended with ${code}`)));
    server.on("error", reject);
  });
  return { server, url };
}

async function stopped(server) {
  if (server.exitCode !== null) return;
  server.kill("SIGTERM");
  await once(server, "exit");
}

/** Runs a command of gad to its end. */
function does(env, ...command) {
  const done = spawnSync(GAD, command, { env, encoding: "utf8" });
  if (done.error) throw done.error;
  if (done.status !== 0) throw new Error(done.stderr);
}

/** An office of its own for one story, filled by commands of gad. */
async function apart(browser, ...commands) {
  const dir = mkdtempSync(join(tmpdir(), "gad-web-"));
  const env = { ...environment(dir) };
  delete env.GAD_DATABASE_URL; // That record is the other office's.
  for (const command of commands) does(env, ...command);
  const { server, url } = await serve(env, "127.0.0.1:0");
  return {
    url,
    browser,
    close: async () => {
      await stopped(server);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** An office with its first administrator and nobody else. */
export function newOffice(browser) {
  const somebody = ["--nombre", "Ana", "--apellido", "Primera", "--dni", "20000001", "--nivel", "3", "--verificado"];
  return apart(browser, ["user", "create", "--email", "ana@prueba.gad", "--password", PASSWORD, ...somebody]);
}

/** An office as large as the largest that is promised. */
export function largeOffice(browser) {
  const size = ["--users", "10", "--officers", "500", "--tasks", "10000"];
  return apart(browser, ["seed", "--demo", "--password", PASSWORD, ...size]);
}

export async function open() {
  mkdirSync(OUTPUT, { recursive: true });
  const dir = mkdtempSync(join(tmpdir(), "gad-web-"));
  const env = environment(dir);
  does(env, "seed", "--demo", "--password", PASSWORD, ...SIZE);
  const begun = await serve(env, "127.0.0.1:0");
  let server = begun.server;
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
  });
  return {
    url: begun.url,
    browser,
    /** Takes the server away. */
    goesAway: () => stopped(server),
    /** Brings it back, at the same address. */
    comesBack: async () => {
      server = (await serve(env, new URL(begun.url).host)).server;
    },
    close: async () => {
      await browser.close();
      await stopped(server);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A person at a screen. `troubles` are errors of the console and requests that leave the machine,
 * but for those that match `expect`. */
export async function person(office, { width = 1280, height = 800, colorScheme = "light", expect = [] } = {}) {
  const context = await office.browser.newContext({
    baseURL: office.url,
    viewport: { width, height },
    colorScheme,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
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

export const isLive = (page) => page.getByText("En vivo", { exact: true }).waitFor();

export async function signIn(page, email) {
  await page.goto("/");
  await page.getByLabel("Correo").fill(email);
  await page.getByLabel("Contraseña").fill(PASSWORD);
  await page.getByRole("button", { name: "Ingresar" }).click();
  await isLive(page);
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

/** Two reports of each place: a jump from the last place is believed when the next report agrees. */
export const twice = (posiciones) =>
  [1500, 0].flatMap((ago) =>
    posiciones.map((one) => ({ ...one, medida_en: new Date(Date.now() - ago).toISOString() })),
  );
