import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Officer, Task } from "../api/wire";
import { Office, type Envelope } from "./office";
import { pause } from "./socket";

const EPOCH = "c89902df-0b6a-4733-a799-00ae61c4f7ce";
const OTHER = "0e1d2c3b-0b6a-4733-a799-00ae61c4f7ce";
const at = (second: number) => new Date(1_760_000_000_000 + second * 1000).toISOString();

let serial = 0;
function message(event_type: string, data: object, offset: number | null, epoch: string | null = EPOCH): Envelope {
  const data_ = data as Record<string, unknown>;
  return {
    event_type,
    data: data_,
    timestamp: at(0),
    message_id: `m${serial++}`,
    offset,
    epoch: offset === null ? null : epoch,
  };
}
const task = (id: number, version: number) => ({ id, version, estado: "en_curso" }) as Task;
const changed = (id: number, version: number, offset: number) =>
  message("task_updated", { sub_event_type: "updated", task_id: id, task_data: task(id, version) }, offset);
const gone = (id: number, offset: number) =>
  message("task_updated", { sub_event_type: "deleted", task_id: id, task_data: task(id, 99) }, offset);
const moved = (id: number, second: number) =>
  message("efectivo_location_update", { efectivo_data: { id, lat: second, lng: 0, reported_at: at(second) } }, null);
const status = (id: number, is: string, second: number, offset: number) =>
  message(
    "efectivo_status_changed",
    { efectivo_data: { id, estado_disponibilidad: is, fecha_actualizacion: at(second) } },
    offset,
  );
const ack = (offset: number, epoch = EPOCH) => message("connection_ack", {}, offset, epoch);

/** A history of the log: each event changes one of a few tasks, deletes it or moves an officer. */
const history = fc
  .array(fc.record({ id: fc.integer({ min: 1, max: 4 }), kind: fc.constantFrom("change", "delete") }), {
    maxLength: 40,
  })
  .map((steps) => {
    const versions = new Map<number, number>();
    return steps.map(({ id, kind }, index) => {
      const version = (versions.get(id) ?? 0) + 1;
      versions.set(id, version);
      return kind === "delete" ? gone(id, index + 1) : changed(id, version, index + 1);
    });
  });

function shown(office: Office): unknown {
  return [...office.tasks.values()].sort((a, b) => a.id - b.id);
}

function told(events: Envelope[]): Office {
  const office = new Office();
  office.apply(ack(0));
  events.forEach((event) => office.apply(event));
  return office;
}

describe("an office that is told events", () => {
  it("shows the same whether or not it was cut and resumed, as often as that happens", () => {
    fc.assert(
      fc.property(history, fc.array(fc.nat(40)), (events, cuts) => {
        const office = new Office();
        office.apply(ack(0));
        let next = 0;
        for (const cut of [...cuts, events.length]) {
          // The server sends what lies after our place; the line may break anywhere, and what was
          // dealt with just before the break may come again.
          const place = office.place!.offset;
          office.apply(ack(place));
          for (next = Math.max(0, place - 1); next < Math.min(events.length, place + cut + 1); next++)
            office.apply(events[next]!);
        }
        for (; next < events.length; next++) office.apply(events[next]!);
        expect(shown(office)).toEqual(shown(told(events)));
        expect(office.place?.offset ?? 0).toBe(events.length);
      }),
    );
  });

  it("shows the same however often each event comes", () => {
    fc.assert(
      fc.property(history, fc.array(fc.integer({ min: 1, max: 3 })), (events, times) => {
        const doubled = events.flatMap((event, index) => Array<Envelope>(times[index] ?? 1).fill(event));
        expect(shown(told(doubled))).toEqual(shown(told(events)));
      }),
    );
  });

  it("shows the newest of each task in whatever order answers and events come", () => {
    const versions = fc.array(
      fc.record({ id: fc.integer({ min: 1, max: 3 }), version: fc.integer({ min: 1, max: 20 }), rest: fc.boolean() }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(versions, (steps) => {
        const office = new Office();
        office.apply(ack(0));
        const newest = new Map<number, number>();
        steps.forEach(({ id, version, rest }, index) => {
          if (rest) office.takeTask(task(id, version));
          else office.apply(changed(id, version, index + 1));
          newest.set(id, Math.max(newest.get(id) ?? 0, version));
        });
        expect(new Map([...office.tasks].map(([id, { version }]) => [id, version]))).toEqual(newest);
      }),
    );
  });

  it("shows each officer where the newest report says, whatever was left out or came late", () => {
    const reports = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.nat(30)), { maxLength: 60 });
    fc.assert(
      fc.property(reports, (all) => {
        const office = new Office();
        const newest = new Map<number, number>();
        for (const [id, second] of all) {
          office.apply(moved(id, second));
          newest.set(id, Math.max(newest.get(id) ?? 0, second));
        }
        expect(new Map([...office.positions].map(([id, { lat }]) => [id, lat]))).toEqual(newest);
        expect(office.place, "positions have no place").toBeNull();
      }),
    );
  });

  it("keeps a deleted task away though an older answer arrives after", () => {
    const office = told([changed(1, 1, 1), gone(1, 2)]);
    expect(office.takeTask(task(1, 1))).toBe(false);
    expect(office.tasks.size).toBe(0);
  });

  it("keeps a newer availability though an older list arrives after", () => {
    const office = told([status(1, "en_tarea", 10, 1)]);
    const officer = (second: number) =>
      ({ id: 1, estado_disponibilidad: "disponible", ultima_actualizacion_estado: at(second) }) as Officer;
    office.takeOfficer(officer(5));
    expect(office.officers.get(1)?.estado_disponibilidad).toBe("en_tarea");
    office.takeOfficer(officer(20));
    expect(office.officers.get(1)?.estado_disponibilidad).toBe("disponible");
    expect(office.apply(status(1, "fuera_servicio", 15, 2))).toBe("ignored");
  });

  it("asks for everything anew when the log forgot, or the record was restored", () => {
    const office = told([changed(1, 1, 1)]);
    expect(office.apply(message("system_status", { type: "resync" }, 90))).toBe("reload");
    expect(office.place).toEqual({ epoch: EPOCH, offset: 90 });
    expect(office.apply(ack(3, OTHER))).toBe("reload");
    expect(office.place).toEqual({ epoch: OTHER, offset: 3 });
    expect(office.apply(message("alert", { task_id: 1, prioridad: "critica" }, 4, OTHER))).toBe("applied");
    expect(office.alerts.map((alert) => alert.isEmergency)).toEqual([true]);
  });

  it("keeps what it heard while everything was read anew, and nothing older", () => {
    const office = told([changed(1, 7, 1), changed(2, 7, 2), moved(3, 30)]);
    office.apply(ack(3, OTHER));
    office.apply({ ...changed(1, 2, 4), epoch: OTHER });
    office.forget();
    [task(1, 1), task(2, 3)].forEach((read) => office.takeTask(read));
    expect([...office.tasks.values()].map(({ id, version }) => [id, version])).toEqual([
      [1, 2],
      [2, 3],
    ]);
    expect(office.positions.size).toBe(0);
  });

  it("hears of assignments, escalation and taken alerts, and of their tasks with them", () => {
    const one = { id: 5, tarea_id: 1, efectivo_id: 7, tipo: "asignacion", estado: "asignada", corre_desde: at(0) };
    const pasos = [{ estado: "asignada", en: at(0) }];
    const emergency = { ...task(1, 2), emergencia: true, espera_efectivo: false };
    const office = told([
      message("assignment_changed", { task_id: 1, asignacion: { ...one, pasos }, tarea: emergency }, 1),
      message("dispatch_escalated", { task_id: 1, motivo: "sin_aceptar", paso: 1, tarea: emergency }, 2),
      message("alert_taken", { task_id: 1, tomada_por: 3 }, 3),
    ]);
    expect(office.tasks.get(1)?.version).toBe(2);
    expect(office.assignments.unanswered(Date.parse(at(1))).map(({ id }) => id)).toEqual([5]);
    expect(office.assignments.of(1)).toMatchObject({ step: 1, takenBy: 3, takenAt: at(0) });
    expect(office.apply(gone(1, 4))).toBe("applied");
    expect(office.assignments.unanswered(Date.parse(at(1)))).toEqual([]);
    expect(office.assignments.of(1).takenBy).toBeNull();
  });

  it("marks a call that waits too long until it has an officer", () => {
    const waits = { ...task(1, 2), emergencia: true, espera_efectivo: true };
    const office = told([
      message("dispatch_escalated", { task_id: 1, motivo: "espera_larga", paso: 0, tarea: waits }, 1),
    ]);
    expect(office.assignments.of(1).isLong).toBe(true);
    const served = { ...waits, version: 3, espera_efectivo: false };
    office.apply(message("task_assigned", { sub_event_type: "assigned", task_id: 1, task_data: served }, 2));
    expect(office.assignments.of(1).isLong).toBe(false);
  });

  it("knows officers who are made, changed and deleted while it listens", () => {
    const officer = (unidad: string) =>
      ({ id: 7, unidad, estado_disponibilidad: "disponible", ultima_actualizacion_estado: at(0) }) as Officer;
    const heard = (sub_event_type: string, offset: number, efectivo?: Officer) =>
      message("efectivo_status_changed", { efectivo_id: 7, sub_event_type, efectivo }, offset);
    const office = told([heard("created", 1, officer("Centro"))]);
    expect(office.officers.get(7)?.unidad).toBe("Centro");
    // Read again: what was heard meanwhile is not older than what was read.
    office.forget();
    expect(office.officers.has(7)).toBe(true);
    office.apply(heard("updated", 2, officer("Norte")));
    expect(office.officers.get(7)?.unidad).toBe("Norte");
    expect(office.apply(heard("deleted", 3))).toBe("applied");
    office.takeOfficer(officer("Norte"));
    expect(office.officers.has(7)).toBe(false);
  });

  it("passes over what it does not know, and keeps its place", () => {
    const office = told([message("something_new", {}, 7)]);
    expect(office.place?.offset).toBe(7);
  });
});

describe("a line that was cut", () => {
  it("comes back after a second or so at first, and after half a minute at most", () => {
    fc.assert(
      fc.property(fc.nat(100), fc.float({ min: 0, max: 1, noNaN: true }), (failures, chance) => {
        const wait = pause(failures, chance);
        expect(wait).toBeGreaterThanOrEqual(500);
        expect(wait).toBeLessThanOrEqual(30_000);
      }),
    );
  });
});
