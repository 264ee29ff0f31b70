import { get, pages, post } from "../api/client";
import type { Alerts, Assignment, AssignmentState, OpenAlert, Stepped, Task, Unanswered } from "../api/wire";

const PAGE = 500;
const MOST_PAGES = 1000; // A list that never ends is a fault.
const DAY_MS = 86_400_000;

/** What the desk must watch, read over REST. */
export interface Watch {
  unanswered: Assignment[];
  alerts: OpenAlert[];
  telegram: string;
  longestWait: number;
  now: string;
}

/** Reads the assignments that were not answered and the open alerts. */
export async function readWatch(): Promise<Watch> {
  const unanswered: Assignment[] = [];
  let query: Record<string, string | number | undefined> = { limit: PAGE };
  for (let page = 0; page < MOST_PAGES; page++) {
    const { asignaciones, siguiente } = (await get<Unanswered>("/api/v1/asignaciones/pendientes", { query })).data;
    unanswered.push(...asignaciones);
    if (!siguiente) break;
    query = { limit: PAGE, desde: siguiente.desde, despues_de: siguiente.id };
  }
  const { alertas, telegram, espera_maxima_s, ahora } = (await get<Alerts>("/api/v1/alertas")).data;
  return { unanswered, alerts: alertas, telegram, longestWait: espera_maxima_s, now: ahora };
}

/** Tasks of today that have officers and are not begun. */
export async function readSent(): Promise<Task[]> {
  const [desde, hasta] = [Date.now() - DAY_MS, Date.now() + DAY_MS].map((at) => new Date(at).toISOString());
  const tasks = await pages<Task>("/api/v1/tasks/", { estado: "programada", desde, hasta, orden: "desc" });
  return tasks.filter(({ efectivos_asignados }) => efectivos_asignados.length > 0);
}

/** One's own open assignments and offers. */
export const readOwn = async (): Promise<Assignment[]> => (await get<Assignment[]>("/api/v1/asignaciones/mias")).data;

/** Takes a step of an assignment. */
export const takeStep = async (
  assignment: number,
  estado: AssignmentState,
  more: { canal?: "voz"; motivo?: string } = {},
): Promise<Stepped> => (await post<Stepped>(`/api/v1/asignaciones/${assignment}/pasos`, { estado, ...more })).data;
