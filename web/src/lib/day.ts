import { office } from "./zone.svelte";

/** The day of an instant in a time zone, like 2026-11-25. */
export function dayIn(zone: string | undefined, at: Date): string {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  return parts.format(at);
}

/** A day some days before another one. */
export function before(day: string, days: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, date - days)).toISOString().slice(0, 10);
}

/** The office's day, `back` days ago. Codes, filters and reports take no other day. */
export const officeDay = (at = new Date(), back = 0): string => before(dayIn(office.zone, at), back);
