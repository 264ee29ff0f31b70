import { PAGE, get, pages, parts, post } from "../api/client";
import type { Alerts, Assignment, AssignmentState, OpenAlert, Stepped, Task, Unanswered } from "../api/wire";

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
  const unanswered = await parts(async (after?: NonNullable<Unanswered["siguiente"]>) => {
    const query = { limit: PAGE, desde: after?.desde, despues_de: after?.id };
    const { asignaciones, siguiente } = (await get<Unanswered>("/api/v1/asignaciones/pendientes", { query })).data;
    return { rows: asignaciones, next: siguiente };
  });
  const { alertas, telegram, espera_maxima_s, ahora } = (await get<Alerts>("/api/v1/alertas")).data;
  return { unanswered, alerts: alertas, telegram, longestWait: espera_maxima_s, now: ahora };
}

/** Tasks of today that have officers and are not begun. */
export async function readSent(): Promise<Task[]> {
  const [desde, hasta] = [Date.now() - DAY_MS, Date.now() + DAY_MS].map((at) => new Date(at).toISOString());
  const tasks = await pages<Task>("/api/v1/tasks/", { estado: "programada", desde, hasta });
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
