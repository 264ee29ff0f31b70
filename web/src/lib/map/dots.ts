import type { Task } from "../api/wire";
import { live } from "../live/live.svelte";
import type { Dot } from "./atlas";

/** Where officers are, each marked by availability. */
export function officerDots(): Dot[] {
  const is = new Map(live.officers.map((officer) => [officer.id, officer.estado_disponibilidad]));
  return live.positions.map(({ officer, lat, lng }) => ({
    id: officer,
    lat,
    lng,
    icon: is.get(officer) ?? "fuera_servicio",
  }));
}

/** Where tasks are; those without a place are left out. */
export function taskDots(tasks: readonly Task[]): Dot[] {
  return tasks.flatMap(({ id, ubicacion_lat: lat, ubicacion_lon: lng, prioridad }) =>
    lat == null || lng == null ? [] : [{ id, lat, lng, icon: prioridad === 5 ? "taskalarm" : "task" }],
  );
}
