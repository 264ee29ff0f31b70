/** Parts of the address that choose tasks, by the names that the office has for them. */
export const NAMES = [
  "q",
  "estado",
  "tipo",
  "prioridad",
  "delegado_usuario_id",
  "efectivo_id",
  "espera_efectivo",
  "desde",
  "hasta",
  "orden",
] as const;

/** A day like 2026-11-25, which the server takes by the office's clocks. */
const day = (text: string | undefined): string | undefined =>
  text && /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : undefined;

/** What to ask for a choice. */
export function asked(choice: Record<string, string>): Record<string, string | undefined> {
  const { desde, hasta, ...rest } = choice;
  return { ...rest, desde: day(desde), hasta: day(hasta) };
}
