import type { Task } from "../../lib/api/wire";

/** What is edited of a task, as its form holds it: what is absent is an empty text there. */
export interface Edit {
  titulo: string;
  descripcion: string;
  prioridad: number;
}

export const FIELDS = ["titulo", "descripcion", "prioridad"] as const;

/** The form of a task as it is. */
export const edited = ({ titulo, descripcion, prioridad }: Task): Edit => ({
  titulo,
  descripcion: descripcion ?? "",
  prioridad,
});

/** Names of the fields in which the form is not as the task. */
export function differing(task: Task, edit: Edit): (keyof Edit)[] {
  const now = edited(task);
  return FIELDS.filter((name) => now[name] !== edit[name]);
}

/** What has to be sent so that the task becomes what the form says. */
export function differences(task: Task, edit: Edit): Partial<Record<keyof Edit, string | number | null>> {
  return Object.fromEntries(differing(task, edit).map((name) => [name, edit[name] === "" ? null : edit[name]]));
}
