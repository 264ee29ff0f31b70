import { AVAILABILITIES, type Officer } from "./api/wire";

/** A text as people look for it: without capitals and accents. */
export const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Officers whose name, code or unit holds each word of `text`. */
export function matching(officers: readonly Officer[], text: string): Officer[] {
  const words = plain(text).split(/\s+/).filter(Boolean);
  return officers.filter(({ nombre, codigo_interno, unidad }) => {
    const said = plain(`${nombre} ${codigo_interno} ${unidad ?? ""}`);
    return words.every((word) => said.includes(word));
  });
}

/** Those who can be sent first, then by number. */
export const byAvailability = (a: Officer, b: Officer): number =>
  AVAILABILITIES.indexOf(a.estado_disponibilidad) - AVAILABILITIES.indexOf(b.estado_disponibilidad) || a.id - b.id;

/** Units that officers belong to, in alphabetical order. */
export const units = (officers: readonly Officer[]): string[] =>
  [...new Set(officers.flatMap(({ unidad }) => (unidad ? [unidad] : [])))].sort((a, b) => a.localeCompare(b));
