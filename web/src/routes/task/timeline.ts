import type { Assignment, AssignmentStep, History, Note } from "../../lib/api/wire";

/** One line of what happened with a task. */
export type Line =
  | { kind: "state"; at: string; by: number | null; entry: History }
  | { kind: "remark"; at: string; by: number | null; text: string }
  | { kind: "edit"; at: string; by: number | null; fields: string[] }
  | { kind: "step"; at: string; by: number | null; step: AssignmentStep; assignment: Assignment }
  | { kind: "note"; at: string; by: number | null; note: Note };

const EDITED = "Editada: ";
/** What the history repeats of the steps of assignments. */
const STEPS = /^(Aceptada|En camino|Llegada al lugar|Efectivo liberado|Rechazada)(:|$)/;

function line(entry: History): Line | null {
  const [at, by] = [entry.fecha, entry.usuario_id ?? null];
  if (entry.estado_anterior !== entry.estado_nuevo) return { kind: "state", at, by, entry };
  const text = entry.motivo ?? "";
  if (text.startsWith(EDITED)) return { kind: "edit", at, by, fields: text.slice(EDITED.length).split(", ") };
  return { kind: "remark", at, by, text };
}

/** All that happened with a task, in the order of time. What two sources tell is told once; of what
 * happened at one moment, states come first and notes last. */
export function timeline(history: readonly History[], sent: readonly Assignment[], notes: readonly Note[]): Line[] {
  const lines = history.flatMap((entry): Line[] => {
    const one = line(entry);
    return !one || (one.kind === "remark" && sent.length && STEPS.test(one.text)) ? [] : [one];
  });
  for (const assignment of sent)
    for (const step of assignment.pasos)
      lines.push({ kind: "step", at: step.en, by: step.usuario_id ?? null, step, assignment });
  for (const note of notes) lines.push({ kind: "note", at: note.created_at, by: note.usuario_id ?? null, note });
  return lines
    .map((one, index) => ({ one, index, at: Date.parse(one.at) }))
    .sort((a, b) => a.at - b.at || a.index - b.index)
    .map(({ one }) => one);
}
