// What a client does, as far as its types are concerned: each operation has its own body and its own answer.
import type { components, operations, paths } from "./schema";

type Schemas = components["schemas"];
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Answer<O extends { responses: unknown }, S extends number, K extends string> = O["responses"] extends {
  [status in S]: { content: { [kind in K]: infer A } };
}
  ? A
  : never;
type Json<O extends { responses: unknown }, S extends number = 200> = Answer<O, S, "application/json">;

const holds = <T extends true>(): T | undefined => undefined;

holds<Same<Json<paths["/api/v1/tasks"]["get"]>, Schemas["TaskOut"][]>>();
holds<Same<Json<paths["/api/v1/users"]["get"]>, Schemas["UserOut"][]>>();
holds<Same<Json<paths["/api/v1/audit"]["get"]>, Schemas["AuditLineOut"][]>>();
holds<Same<Json<operations["task_create"]>, Schemas["TaskOut"]>>();
holds<Same<operations["task_create"]["requestBody"]["content"]["application/json"], Schemas["TaskIn"]>>();
holds<Same<operations["emergency_raise"]["requestBody"]["content"]["application/json"], Schemas["EmergencyIn"]>>();
holds<Same<Json<operations["emergency_raise"]>, Schemas["EmergencyOut"]>>();
holds<Same<Answer<operations["report_chart_png"], 200, "image/png">, string>>();

export const question: operations["report_export"]["parameters"]["query"] = { formato: "csv", tabla: "dias" };
export const task: Schemas["TaskIn"] = {
  codigo: "TIPOS-1",
  titulo: "Recorrer la plaza",
  tipo: "patrullaje",
  inicio_programado: "2026-11-24T12:00:00Z",
  delegado_usuario_id: 1,
  prioridad: 2,
  efectivos_asignados: [],
  forzar: false,
};
