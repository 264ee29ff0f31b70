import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Assignment, History, Note } from "../../lib/api/wire";
import { timeline } from "./timeline";

const at = (second: number) => new Date(1_760_000_000_000 + second * 1000).toISOString();
const entry = (second: number, from: string | null, to: string, motivo: string | null = null) =>
  ({ fecha: at(second), estado_anterior: from, estado_nuevo: to, usuario_id: 1, motivo }) as History;
const sent = (...steps: [number, string][]) =>
  ({ id: 1, efectivo_id: 7, pasos: steps.map(([second, estado]) => ({ en: at(second), estado })) }) as Assignment;
const note = (second: number) => ({ id: second, created_at: at(second), usuario_id: 2, texto: "x" }) as Note;

describe("a timeline", () => {
  it("tells states, steps, edits, escalation and notes in the order of time", () => {
    const lines = timeline(
      [
        entry(0, null, "programada"),
        entry(9, "en_curso", "en_curso", "Sin aceptar a tiempo: ofrecida a un segundo efectivo"),
        entry(20, "en_curso", "en_curso", "Editada: titulo, prioridad"),
      ],
      [sent([1, "asignada"], [12, "aceptada"])],
      [note(15)],
    );
    expect(lines.map(({ kind }) => kind)).toEqual(["state", "step", "remark", "step", "note", "edit"]);
    expect(lines.at(-1)).toMatchObject({ fields: ["titulo", "prioridad"] });
  });

  it("tells once what the history repeats of a step, and all of it where no steps are known", () => {
    const history = [
      entry(3, "en_curso", "en_curso", "Aceptada"),
      entry(4, "en_curso", "en_curso", "Rechazada: lejos"),
    ];
    expect(timeline(history, [sent([3, "aceptada"], [4, "rechazada"])], []).map(({ kind }) => kind)).toEqual([
      "step",
      "step",
    ]);
    expect(timeline(history, [], []).map(({ kind }) => kind)).toEqual(["remark", "remark"]);
  });

  it("never goes back in time", () => {
    const seconds = fc.array(fc.nat(60), { maxLength: 20 });
    fc.assert(
      fc.property(seconds, seconds, seconds, (states, steps, notes) => {
        const lines = timeline(
          states.map((second) => entry(second, "programada", "en_curso")),
          steps.map((second) => sent([second, "asignada"])),
          notes.map(note),
        );
        expect(lines).toHaveLength(states.length + steps.length + notes.length);
        const times = lines.map((line) => Date.parse(line.at));
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }),
    );
  });
});
