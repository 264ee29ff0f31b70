import { expect, it } from "vitest";
import type { Nearest } from "../../lib/api/wire";
import { excluded, mayForce, ordered } from "./choice";

const who = (efectivo_id: number, motivo: string | null = null) => ({ efectivo_id, nombre: `N${efectivo_id}`, motivo });
const nearest = {
  candidatos: [who(3), who(1)],
  excluidos: [who(7, "posicion_antigua")],
  sin_posicion: [who(9, "sin_posicion")],
} as unknown as Nearest;

it("the nearest of the chosen is named first, whatever was touched first", () => {
  expect(ordered(nearest, [9, 1, 3])).toEqual([3, 1, 9]);
});

it("those whom the rules exclude are named, with those of whom no position is known", () => {
  expect(excluded(nearest, [1])).toEqual([]);
  expect(excluded(nearest, [9, 7, 3])).toEqual(["N7", "N9"]);
});

it("a shut account and an officer held by a task cannot be forced", () => {
  expect(["cuenta_inactiva", "en_tarea", null, "rechazo_la_tarea", "sin_posicion"].map(mayForce)).toEqual([
    false,
    false,
    false,
    true,
    true,
  ]);
});
