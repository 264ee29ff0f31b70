import type { Assignment, AssignmentState, Dispatch, OpenAlert, Task } from "../api/wire";

/** How the dispatch of one task is going, as the desk sees it. */
export interface Progress {
  /** The escalation step that was taken last, 0 for none. */
  step: number;
  takenBy: number | null;
  takenAt: string | null;
  joined: number;
  /** Whether the office said that the call waits too long. */
  isLong: boolean;
}

/** How near the deadline of an assignment is. */
export type Urgency = "calm" | "soon" | "late";

const NO_PROGRESS: Progress = { step: 0, takenBy: null, takenAt: null, joined: 0, isLong: false };
const UNANSWERED: readonly AssignmentState[] = ["ofrecida", "asignada", "avisada", "vencida"];
const ACCEPTED: readonly AssignmentState[] = ["aceptada", "en_camino", "en_lugar"];
const FINAL = ["finalizada", "cancelada"];
/** The share of the time to accept in which the deadline is near. */
const NEAR = 1 / 3;

const AHEAD_MS = 3_600_000;
/** How far the screen's idea of the server's time may lag: an answer is as old as its way here. */
const LAG_MS = 5_000;

const millis = (time: string): number => Date.parse(time);

export const isUnanswered = ({ estado }: Assignment): boolean => UNANSWERED.includes(estado);
export const isAccepted = ({ estado }: Assignment): boolean => ACCEPTED.includes(estado);

/** Whether a device or a supervisor confirmed that the officer knows of it. */
export const isNotified = ({ pasos }: Assignment): boolean => pasos.some(({ estado }) => estado === "avisada");

/** Whether its officer should answer now: it runs, or does so within the hour. Rows that are older than
 * the lifecycle never run. */
export const isAsking = (assignment: Assignment, now: number): boolean =>
  isUnanswered(assignment) && assignment.corre_desde != null && millis(assignment.corre_desde) <= now + AHEAD_MS;

/** Seconds for which an assignment has run at `now`. */
export function runningFor({ corre_desde }: Assignment, now: number): number {
  return corre_desde == null ? 0 : Math.max(0, Math.floor((now - millis(corre_desde)) / 1000));
}

/** How near its deadline is at `now`; one without a deadline is calm. */
export function urgency({ estado, corre_desde, vence_en }: Assignment, now: number): Urgency {
  if (estado === "vencida") return "late";
  if (vence_en == null) return "calm";
  const left = millis(vence_en) - now;
  if (left <= 0) return "late";
  const whole = corre_desde == null ? 0 : millis(vence_en) - millis(corre_desde);
  return left <= whole * NEAR ? "soon" : "calm";
}

/** Assignments and offers, and how dispatches are going, from REST and events in any order.
 *
 * Invariant: an assignment is replaced only by one with more steps, since steps are only added. A
 * reading takes away what it does not have only where no event brought it since the reading began. */
export class Assignments {
  private readonly known = new Map<number, Assignment>();
  private readonly progress = new Map<number, Progress>();
  /** Tasks of which the office said that an officer has accepted; the assignment itself may be unknown. */
  private readonly accepted = new Set<number>();
  /** When an event brought an assignment last, counted in readings that began. */
  private readonly heard = new Map<number, number>();
  private reading = 0;

  /** A reading begins; what events bring from now on it cannot know. */
  begin(): number {
    return ++this.reading;
  }

  /** Takes what an event brought. */
  hear(assignment: Assignment): boolean {
    this.heard.set(assignment.id, this.reading);
    if (assignment.pasos.length === 1 && assignment.tipo === "asignacion")
      this.change(assignment.tarea_id, { step: 0 });
    const wasAccepted = assignment.pasos.some(({ estado }) => ACCEPTED.includes(estado));
    if (isAccepted(assignment)) this.accepted.add(assignment.tarea_id);
    else if (wasAccepted) this.accepted.delete(assignment.tarea_id);
    return this.take(assignment);
  }

  /** Takes an assignment that was read. Events name no people: names and numbers are kept. */
  take(assignment: Assignment): boolean {
    const known = this.known.get(assignment.id);
    if (known && known.pasos.length > assignment.pasos.length) {
      if (known.efectivo_nombre != null || assignment.efectivo_nombre == null) return false;
      this.known.set(assignment.id, withPerson(known, assignment));
      return true;
    }
    this.known.set(assignment.id, known ? withPerson(assignment, known) : assignment);
    return true;
  }

  /** Takes the unanswered assignments and the open alerts that a reading which began as `reading` brought. */
  replace(reading: number, unanswered: readonly Assignment[], alerts: readonly OpenAlert[]): void {
    const read = new Set(unanswered.map(({ id }) => id));
    for (const assignment of this.known.values()) {
      const isNewer = (this.heard.get(assignment.id) ?? 0) >= reading;
      if (isUnanswered(assignment) && !read.has(assignment.id) && !isNewer) this.known.delete(assignment.id);
    }
    for (const assignment of unanswered) {
      this.take(assignment);
      this.change(assignment.tarea_id, { step: assignment.paso_escalamiento, joined: assignment.llamadas_unidas });
      this.tookAlert(assignment.tarea_id, assignment.tomada_por, assignment.tomada_en);
    }
    for (const { tarea, aceptada, despacho } of alerts) {
      if (aceptada) this.accepted.add(tarea.id);
      if (despacho) this.takeDispatch(despacho);
    }
  }

  takeDispatch({ tarea_id: task, paso: step, llamadas_unidas: joined, tomada_por, tomada_en }: Dispatch): void {
    this.change(task, { step, joined });
    this.tookAlert(task, tomada_por, tomada_en);
  }

  /** A user took the alert of a task on. An older word changes nothing. */
  tookAlert(task: number, by: number | null | undefined, at: string | null | undefined): void {
    if (by == null || at == null) return;
    const before = this.of(task).takenAt;
    if (before === null || millis(before) < millis(at)) this.change(task, { takenBy: by, takenAt: at });
  }

  escalated(task: number, step: number, reason: string): void {
    const isLong = reason === "espera_larga";
    if (isLong) this.change(task, { isLong });
    else if (step > 0) this.change(task, { step });
  }

  /** A call that has an officer waits no longer. */
  served(task: number): void {
    if (this.of(task).isLong) this.change(task, { isLong: false });
  }

  of(task: number): Progress {
    return this.progress.get(task) ?? NO_PROGRESS;
  }

  /** Sent, running at `now` and not answered, the longest running first. */
  unanswered(now: number): Assignment[] {
    return [...this.known.values()]
      .filter((one) => isUnanswered(one) && one.corre_desde != null && millis(one.corre_desde) <= now + LAG_MS)
      .sort((a, b) => millis(a.corre_desde!) - millis(b.corre_desde!) || a.id - b.id);
  }

  /** Whether the desk must watch an emergency: it waits, or no officer has accepted it. */
  isAlerting(task: Task, unanswered: ReadonlySet<number>): boolean {
    if (!task.emergencia || FINAL.includes(task.estado)) return false;
    return task.espera_efectivo || (unanswered.has(task.id) && !this.accepted.has(task.id));
  }

  forgetTask(task: number): void {
    for (const { id, tarea_id } of this.known.values()) if (tarea_id === task) this.known.delete(id);
    this.progress.delete(task);
    this.accepted.delete(task);
  }

  clear(): void {
    for (const all of [this.known, this.progress, this.accepted, this.heard]) all.clear();
  }

  private change(task: number, change: Partial<Progress>): void {
    this.progress.set(task, { ...this.of(task), ...change });
  }
}

/** `newer` with the officer's name and number, where only `other` has them. */
function withPerson(newer: Assignment, other: Assignment): Assignment {
  return {
    ...newer,
    efectivo_nombre: newer.efectivo_nombre ?? other.efectivo_nombre,
    efectivo_codigo: newer.efectivo_codigo ?? other.efectivo_codigo,
    efectivo_telefono: newer.efectivo_telefono ?? other.efectivo_telefono,
  };
}
