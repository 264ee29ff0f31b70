import { expect, it } from "vitest";
import type { Task } from "../../lib/api/wire";
import { differences, differing, edited } from "./edit";

const task = { titulo: "Recorrer la plaza", descripcion: null, prioridad: 2 } as unknown as Task;

it("a form that nobody touched changes nothing", () => {
  expect(differences(task, edited(task))).toEqual({});
});

it("only what was changed is sent, and an emptied text as nothing", () => {
  const described = { ...task, descripcion: "Con luz" };
  const edit = { ...edited(described), descripcion: "", prioridad: 4 };
  expect(differing(described, edit)).toEqual(["descripcion", "prioridad"]);
  expect(differences(described, edit)).toEqual({ descripcion: null, prioridad: 4 });
});
