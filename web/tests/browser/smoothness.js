// How long an update holds the page up, in an office of 500 officers who move once a second.
//
// It prints and asserts no time: this depends on the machine, and on whether it has a GPU.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isLive, largeOffice, person, signIn } from "./office.js";

const OFFICERS = 500;
const SECONDS = 20;

/** Counts what each frame spends in calls of WebGL: without a GPU that is work of the processor. */
function watchGl() {
  globalThis.gl = { now: 0, frames: [] };
  const { prototype } = WebGL2RenderingContext;
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (typeof value !== "function") continue;
    prototype[name] = function (...given) {
      const begun = performance.now();
      const answer = value.apply(this, given);
      globalThis.gl.now += performance.now() - begun;
      return answer;
    };
  }
  const inner = requestAnimationFrame;
  globalThis.requestAnimationFrame = (does) =>
    inner((time) => {
      const before = globalThis.gl.now;
      const begun = performance.now();
      does(time);
      globalThis.gl.frames.push([performance.now() - begun, globalThis.gl.now - before]);
    });
}

/** Keeps the page's socket at hand, to let it hear what a server would say. */
function watchSocket() {
  const Plain = WebSocket;
  globalThis.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      globalThis.socket = this;
    }
  };
}

/** Lets everybody walk once a second: each message is a task of its own, as from the network. */
async function walked({ officers, seconds }) {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => globalThis.socket.dispatchEvent(new MessageEvent("message", { data }));
  for (let second = 0; second < seconds; second++) {
    const reported_at = new Date().toISOString();
    const next = new Promise((resolve) => setTimeout(resolve, 1000)); // The rate is what is measured.
    for (let id = 1; id <= officers; id++) {
      const [angle, far] = [second / 10 + id, 0.01 + (id % 50) / 1000];
      const place = { lat: -34.6083 + far * Math.sin(angle), lng: -58.3712 + far * Math.cos(angle) };
      const efectivo_data = { id, ...place, precision_m: 8, reported_at };
      const data = { efectivo_data, efectivo_id: id, sub_event_type: "location_update" };
      const message = { event_type: "efectivo_location_update", data, timestamp: reported_at };
      port2.postMessage(JSON.stringify({ ...message, message_id: `${id}`, offset: null, epoch: null }));
    }
    await next;
  }
}

const at = (values, share) => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? 0;
const of = (values, shares = [0.5, 0.95, 1]) => shares.map((share) => at(values, share).toFixed(1)).join(" / ");

/** Tasks of the page's main thread, from a trace: milliseconds on the clock and on the processor. */
function tasks(path) {
  const { traceEvents } = JSON.parse(readFileSync(path, "utf8"));
  const mains = traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const isMain = ({ pid, tid }) => mains.some((main) => main.pid === pid && main.tid === tid);
  return traceEvents
    .filter((event) => event.name === "ThreadControllerImpl::RunTask" && event.ph === "X" && isMain(event))
    .map(({ dur = 0, tdur = 0 }) => ({ clock: dur / 1000, work: tdur / 1000 }));
}

/** Lets everybody walk once a second while the page is watched, and prints what it cost. */
async function walk(page, label) {
  const dir = mkdtempSync(join(tmpdir(), "gad-trace-"));
  const path = join(dir, "trace.json");
  await page.evaluate(() => (globalThis.gl.frames = []));
  await page
    .context()
    .browser()
    .startTracing(page, { path, categories: ["toplevel"] });
  await page.evaluate(walked, { officers: OFFICERS, seconds: SECONDS });
  await page.context().browser().stopTracing();
  const main = tasks(path);
  rmSync(dir, { recursive: true });
  const frames = await page.evaluate(() => globalThis.gl.frames);
  const [clock, work] = [main.map(({ clock }) => clock), main.map(({ work }) => work)];
  const long = (times) => times.filter((time) => time >= 50).length;
  const share = (times) => `${((times.reduce((sum, time) => sum + time, 0) / SECONDS / 1000) * 100).toFixed(0)} %`;
  console.log(`  ${label}, ${main.length} tasks in ${SECONDS} s
    by the clock:     longest ${Math.max(...clock).toFixed(0)} ms, ${long(clock)} of 50 ms or more, busy ${share(clock)}
    on the processor: longest ${Math.max(...work).toFixed(0)} ms, ${long(work)} of 50 ms or more, busy ${share(work)}
    frames of the map: ${frames.length}; ms by the clock at p50 / p95 / max: ${of(frames.map(([all]) => all))}
      in WebGL ${of(frames.map(([, gl]) => gl))}; without it ${of(frames.map(([all, gl]) => all - gl))}`);
}

export const smoothness = {
  "five hundred officers walk over the board of an office with ten thousand tasks": async ({ browser }) => {
    const office = await largeOffice(browser);
    try {
      const { page, context, troubles } = await person(office);
      await context.addInitScript(watchGl);
      await context.addInitScript(watchSocket);
      await signIn(page, "supervisor@demo.gad");
      await page.getByText("Tareas en curso").waitFor();
      await page.waitForLoadState("networkidle");
      await walk(page, "tablero");
      await page.getByRole("link", { name: "Tareas" }).first().click();
      await page.getByRole("link", { name: /DEMO-/ }).first().waitFor();
      await walk(page, "tareas");
      await isLive(page);
      assert.deepEqual(troubles(), []);
    } finally {
      await office.close();
    }
  },
};
