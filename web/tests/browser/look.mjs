import { chromium } from "playwright-core";
import { mkdirSync } from "node:fs";
const URL_ = process.env.URL_ ?? "http://127.0.0.1:8123";
const out = process.env.OUT ?? "/tmp/wt-web-data/shots/";
mkdirSync(out, { recursive: true });
const only = process.argv[2] ? process.argv[2].split(",") : undefined;
const themes = (process.argv[3] ?? "light").split(",");
const sizes = (process.argv[4] ?? "360,1280").split(",").map(Number);
const H = { 360: 740, 1280: 800, 2560: 1440 };
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
});
for (const colorScheme of themes) {
  const context = await browser.newContext({
    baseURL: URL_,
    viewport: { width: 1280, height: 800 },
    colorScheme,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.on(
    "console",
    (m) =>
      ["error", "warning"].includes(m.type()) &&
      !/GPU|WebGL|GL Driver/.test(m.text()) &&
      console.log("console", m.text(), m.location().url),
  );
  page.on("pageerror", (e) => console.log("pageerror", e.message));
  await page.goto("/");
  await page.getByLabel("Correo").waitFor();
  if (!only || only.includes("ingreso"))
    for (const w of sizes) {
      await page.setViewportSize({ width: w, height: H[w] });
      await page.screenshot({ path: `${out}ingreso-${colorScheme}-${w}.png` });
    }
  await page.getByLabel("Correo").fill("admin@demo.gad");
  await page.getByLabel("Contraseña").fill("una clave para probar");
  await page.getByRole("button", { name: "Ingresar" }).click();
  await page.getByText("En vivo", { exact: true }).waitFor();
  const screens = {
    tablero: "/",
    tareas: "/tareas",
    tarea: process.env.TASK ?? "/tareas/790",
    nueva: "/nueva",
    emergencia: "/emergencia",
    efectivos: "/efectivos",
    efectivo: "/efectivos/1",
    informes: "/informes?desde=" + new Date(Date.now() - 29 * 864e5).toISOString().slice(0, 10),
    usuarios: "/usuarios",
    persona: "/usuarios",
    auditoria: "/auditoria",
    sistema: "/sistema",
    sesiones: "/sesiones",
  };
  for (const [name, path] of Object.entries(screens)) {
    if (only && !only.includes(name)) continue;
    await page.goto(path);
    await page.getByText("En vivo", { exact: true }).waitFor();
    if (name === "nueva" || name === "emergencia") {
      await page.getByLabel("Latitud").fill("-34.6037");
      await page.getByLabel("Longitud").fill("-58.3816");
    }
    if (name === "tarea")
      await page
        .getByRole("button", { name: "Enviar a alguien" })
        .click({ timeout: 2000 })
        .catch(() => {});
    if (name === "persona") await page.getByRole("button", { name: "Nueva persona" }).click();
    for (const w of sizes) {
      await page.setViewportSize({ width: w, height: H[w] });
      await page.waitForLoadState("networkidle");
      await page.waitForTimeout(700);
      const over = await page.evaluate(() =>
        Math.max(
          document.documentElement.scrollWidth - innerWidth,
          (document.querySelector("main")?.scrollWidth ?? 0) - (document.querySelector("main")?.clientWidth ?? 0),
        ),
      );
      if (over > 0) console.log(`${name} is ${over} wider than ${w}`);
      await page.screenshot({ path: `${out}${name}-${colorScheme}-${w}.png` });
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  }
  await context.close();
}
await browser.close();
