import type { Nearest } from "../../lib/api/wire";

/** Exclusions that no supervisor can override: the account is shut, or the officer is held by a task. */
const FIRM: readonly string[] = ["cuenta_inactiva", "en_tarea"];

/** Whether a supervisor may send an officer who is excluded for this reason. */
export const mayForce = (reason: string | null | undefined): boolean => reason != null && !FIRM.includes(reason);

/** Everybody in an answer by number, with the name. */
export function names(nearest: Nearest | null): Map<number, string> {
  const all = nearest ? [...nearest.candidatos, ...nearest.excluidos, ...nearest.sin_posicion] : [];
  return new Map(all.map(({ efectivo_id, nombre }) => [efectivo_id, nombre]));
}

/** Names of those among the chosen whom the rules exclude. */
export function excluded(nearest: Nearest | null, chosen: readonly number[]): string[] {
  const out = nearest ? [...nearest.excluidos, ...nearest.sin_posicion] : [];
  return out.filter(({ efectivo_id }) => chosen.includes(efectivo_id)).map(({ nombre }) => nombre);
}

/** The chosen, in the order in which the office names them, so that the nearest is the first. */
export function ordered(nearest: Nearest | null, chosen: readonly number[]): number[] {
  const order = [...names(nearest).keys()];
  return [...chosen].sort((a, b) => order.indexOf(a) - order.indexOf(b));
}
