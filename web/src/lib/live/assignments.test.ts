import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Assignment, AssignmentState, OpenAlert, Task } from "../api/wire";
import { Assignments, isAsking, runningFor, urgency } from "./assignments";

const START = 1_760_000_000_000;
const at = (second: number) => new Date(START + second * 1000).toISOString();
const now = (second: number) => START + second * 1000;

/** An assignment that went through `states`, one a second. */
function sent(id: number, states: AssignmentState[], more: Partial<Assignment> = {}): Assignment {
  const pasos = states.map((estado, index) => ({ estado, en: at(index), canal: "sistema" }));
  return {
    id,
    tarea_id: 100 + id,
    efectivo_id: 200 + id,
    tipo: "asignacion",
    estado: states.at(-1),
    corre_desde: at(0),
    vence_en: at(60),
    paso_escalamiento: 0,
    llamadas_unidas: 0,
    pasos,
    ...more,
  } as Assignment;
}
const emergency = (id: number, more: Partial<Task> = {}) =>
  ({ id, emergencia: true, estado: "en_curso", espera_efectivo: false, ...more }) as Task;
const ids = (all: Assignment[]) => all.map(({ id }) => id);
const waiting = (all: Assignments) => new Set(all.unanswered(now(90)).map(({ tarea_id }) => tarea_id));

describe("assignments from REST and events", () => {
  it("are as far as the farthest of what was heard or read, in whatever order it came", () => {
    const states: AssignmentState[] = ["asignada", "avisada", "aceptada", "en_camino", "en_lugar"];
    const words = fc.array(fc.record({ far: fc.integer({ min: 1, max: 5 }), isEvent: fc.boolean() }), { minLength: 1 });
    fc.assert(
      fc.property(words, (all) => {
        const assignments = new Assignments();
        for (const { far, isEvent } of all) {
          const one = sent(1, states.slice(0, far));
          if (isEvent) assignments.hear(one);
          else assignments.take(one);
        }
        const farthest = Math.max(...all.map(({ far }) => far));
        expect(ids(assignments.unanswered(now(5)))).toEqual(farthest <= 2 ? [1] : []);
      }),
    );
  });

  it("keep the names and numbers that a reading brought when an event brings none", () => {
    const assignments = new Assignments();
    assignments.take(sent(1, ["asignada"], { efectivo_nombre: "Ana", efectivo_telefono: "+54 11 5555 0000" }));
    assignments.hear(sent(1, ["asignada", "avisada"]));
    expect(assignments.unanswered(now(5))[0]).toMatchObject({
      estado: "avisada",
      efectivo_nombre: "Ana",
      efectivo_telefono: "+54 11 5555 0000",
    });
    // And an older reading that has them does not take the step back.
    const other = new Assignments();
    other.hear(sent(1, ["asignada", "avisada"]));
    other.take(sent(1, ["asignada"], { efectivo_nombre: "Ana" }));
    expect(other.unanswered(now(5))[0]).toMatchObject({ estado: "avisada", efectivo_nombre: "Ana" });
  });

  it("go when a reading does not have them, unless an event brought them while it was under way", () => {
    const assignments = new Assignments();
    assignments.hear(sent(1, ["asignada"]));
    const reading = assignments.begin();
    assignments.hear(sent(2, ["asignada"]));
    assignments.replace(reading, [], []);
    expect(ids(assignments.unanswered(now(5)))).toEqual([2]);
    assignments.replace(assignments.begin(), [], []);
    expect(ids(assignments.unanswered(now(5)))).toEqual([]);
  });

  it("are shown from when they run, the longest running first", () => {
    const assignments = new Assignments();
    assignments.take(sent(1, ["asignada"], { corre_desde: at(50) }));
    assignments.take(sent(2, ["ofrecida"], { corre_desde: at(10) }));
    expect(ids(assignments.unanswered(now(20)))).toEqual([2]);
    expect(ids(assignments.unanswered(now(50)))).toEqual([2, 1]);
  });
});

describe("an emergency is watched", () => {
  it("while it waits or no officer has accepted it, and not after", () => {
    const assignments = new Assignments();
    assignments.hear(sent(1, ["asignada"]));
    const task = emergency(101);
    expect(assignments.isAlerting(task, waiting(assignments))).toBe(true);
    assignments.hear(sent(1, ["asignada", "aceptada"]));
    expect(assignments.isAlerting(task, waiting(assignments))).toBe(false);
    expect(assignments.isAlerting(emergency(101, { espera_efectivo: true }), waiting(assignments))).toBe(true);
    expect(assignments.isAlerting(emergency(101, { estado: "cancelada", espera_efectivo: true }), new Set())).toBe(
      false,
    );
    expect(assignments.isAlerting(emergency(101, { emergencia: false }), new Set([101]))).toBe(false);
  });

  it("again when the officer who had accepted declines and another one is sent", () => {
    const assignments = new Assignments();
    assignments.hear(sent(1, ["asignada", "aceptada"]));
    assignments.hear(sent(1, ["asignada", "aceptada", "rechazada"]));
    assignments.hear(sent(2, ["asignada"], { tarea_id: 101 }));
    expect(assignments.isAlerting(emergency(101), waiting(assignments))).toBe(true);
  });

  it("no more where a reading says that one has accepted, though another was asked", () => {
    const assignments = new Assignments();
    const alert = { tarea: emergency(101), aceptada: true, despacho: null } as OpenAlert;
    assignments.replace(assignments.begin(), [sent(2, ["asignada"], { tarea_id: 101 })], [alert]);
    expect(assignments.isAlerting(emergency(101), waiting(assignments))).toBe(false);
  });

  it("by the user who took it last, however late the older word comes", () => {
    const assignments = new Assignments();
    assignments.tookAlert(7, 2, at(20));
    assignments.tookAlert(7, 1, at(10));
    expect(assignments.of(7)).toMatchObject({ takenBy: 2, takenAt: at(20) });
    assignments.tookAlert(7, 3, at(30));
    expect(assignments.of(7).takenBy).toBe(3);
  });
});

describe("a deadline", () => {
  it("is near in its last third, and over from its end on", () => {
    const one = sent(1, ["asignada"]);
    expect([0, 39, 40, 59, 60, 500].map((second) => urgency(one, now(second)))).toEqual([
      "calm",
      "calm",
      "soon",
      "soon",
      "late",
      "late",
    ]);
    expect(urgency(sent(1, ["asignada", "vencida"]), now(3))).toBe("late");
    expect(urgency({ ...one, vence_en: null }, now(500))).toBe("calm");
  });

  it("asks for an answer from an hour before it runs, and never where nothing runs", () => {
    const later = sent(1, ["asignada"], { corre_desde: at(7200) });
    expect([3599, 3600, 9000].map((second) => isAsking(later, now(second)))).toEqual([false, true, true]);
    expect(isAsking(sent(1, ["asignada"], { corre_desde: null }), now(9000))).toBe(false);
    expect(isAsking(sent(1, ["asignada", "aceptada"]), now(10))).toBe(false);
  });

  it("counts from when the assignment runs, and never below zero", () => {
    const one = sent(1, ["asignada"], { corre_desde: at(10) });
    expect([5, 10, 75].map((second) => runningFor(one, now(second)))).toEqual([0, 0, 65]);
  });
});
