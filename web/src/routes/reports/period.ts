import { officeDay } from "../../lib/day";

/** What a report is of: first and last day, both included, and maybe one unit. */
export interface Period {
  desde: string;
  hasta: string;
  unidad: string;
}

/** Periods that are one touch away, in days that end today. */
export const SPANS = [1, 7, 30, 90] as const;

/** The last `days` days of the office. */
export const last = (days: number, now: Date): Pick<Period, "desde" | "hasta"> => ({
  desde: officeDay(now, days - 1),
  hasta: officeDay(now),
});

/** The period in an address; the last seven days where it says none. */
export function asked(query: URLSearchParams, now: Date): Period {
  const week = last(7, now);
  const hasta = query.get("hasta") ?? week.hasta;
  return {
    desde: query.get("desde") ?? (hasta < week.desde ? hasta : week.desde),
    hasta,
    unidad: query.get("unidad") ?? "",
  };
}

/** The address of a file with the report. */
export function file(period: Period, more: Record<string, string>, path = "/api/v1/reports/export"): string {
  const query = new URLSearchParams({ desde: period.desde, hasta: period.hasta, ...more });
  if (period.unidad) query.set("unidad", period.unidad);
  return `${path}?${query}`;
}
