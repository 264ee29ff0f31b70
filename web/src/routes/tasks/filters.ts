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

/** Local midnight of a day like 2026-11-25, `later` days on. */
function midnight(day: string, later: number): string | undefined {
  const [year, month, date] = day.split("-").map(Number);
  if (!year || !month || !date) return undefined;
  return new Date(year, month - 1, date + later).toISOString();
}

/** What to ask for a choice: days become the times in which they begin and end on this machine's clock. */
export function asked(choice: Record<string, string>): Record<string, string | undefined> {
  const { desde, hasta, ...rest } = choice;
  return { ...rest, desde: desde && midnight(desde, 0), hasta: hasta && midnight(hasta, 1) };
}
