import { dayIn } from "./day";
import { office } from "./zone.svelte";
import { words } from "./i18n/index.svelte";

const locale = () => (words.language === "es" ? "es-AR" : "en-GB");

/** A time of today as hours and minutes, another with its day. */
export function moment(time: string | number | null | undefined): string {
  if (time == null) return "—";
  const date = new Date(time);
  const isToday = dayIn(office.zone, date) === dayIn(office.zone, new Date());
  const day = isToday ? {} : ({ day: "2-digit", month: "short" } as const);
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: office.zone } as const;
  return new Intl.DateTimeFormat(locale(), { ...day, ...clock }).format(date);
}

/** Seconds in the largest unit that says enough. */
export function span(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** Running seconds, as a stopwatch shows them. */
export function stopwatch(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** Metres as people say them. */
export function distance(metres: number): string {
  if (metres < 1000) return `${Math.round(metres)} m`;
  return `${new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 }).format(metres / 1000)} km`;
}

export const count = (n: number): string => new Intl.NumberFormat(locale()).format(n);

/** The size of a file. */
export function bytes(n: number): string {
  const [value, unit] = n < 1e6 ? [Math.ceil(n / 1e3), "kB"] : [n / 1e6, "MB"];
  return `${new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 }).format(value)} ${unit}`;
}

/** Hours of work, as hours and minutes. */
export function hours(value: number): string {
  const minutes = Math.round(value * 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** A share of one hundred. */
export const percent = (value: number): string =>
  `${new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 }).format(value)} %`;

/** A day without its time, of a text like 2026-11-25. */
export const day = (date: string): string =>
  new Intl.DateTimeFormat(locale(), { day: "2-digit", month: "short", timeZone: "UTC" }).format(
    new Date(`${date}T00:00:00Z`),
  );

/** A time to the second, with its day. */
export const instant = (time: string): string =>
  new Intl.DateTimeFormat(locale(), {
    dateStyle: "short",
    timeStyle: "medium",
    hourCycle: "h23",
    timeZone: office.zone,
  }).format(new Date(time));

/** Seconds of waiting or work; a dash where nothing was measured. */
export function time(seconds: number | null | undefined): string {
  if (seconds == null) return "—";
  return seconds < 90 ? `${Math.round(seconds)} s` : seconds < 3600 * 48 ? hours(seconds / 3600) : span(seconds);
}

/** The short name of a weekday, 0 is Monday. */
export const weekday = (index: number): string =>
  new Intl.DateTimeFormat(locale(), { weekday: "short", timeZone: "UTC" }).format(
    new Date(Date.UTC(2024, 0, 1 + index)),
  );
