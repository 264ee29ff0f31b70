import { expect, it } from "vitest";
import type { Officer } from "./api/wire";
import { byAvailability, matching, units } from "./officers";

const officer = (id: number, nombre: string, unidad: string | null, is: string) =>
  ({ id, nombre, unidad, codigo_interno: `E-${id}`, estado_disponibilidad: is }) as Officer;
const all = [
  officer(1, "Íñigo Núñez", "Norte", "en_tarea"),
  officer(2, "Ana Paz", "Sur", "disponible"),
  officer(3, "Luz Paz", null, "disponible"),
];

it("an officer is found by parts of name, code and unit, accents or not", () => {
  expect(matching(all, "nunez inigo").map(({ id }) => id)).toEqual([1]);
  expect(matching(all, "paz SUR").map(({ id }) => id)).toEqual([2]);
  expect(matching(all, "e-3").map(({ id }) => id)).toEqual([3]);
  expect(matching(all, "  ")).toHaveLength(3);
});

it("who can be sent comes first", () => {
  expect([...all].sort(byAvailability).map(({ id }) => id)).toEqual([2, 3, 1]);
  expect(units(all)).toEqual(["Norte", "Sur"]);
});
