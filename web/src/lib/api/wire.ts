import type { components } from "./schema";

type Schemas = components["schemas"];

export type Task = Schemas["TaskOut"];
export type TaskState = Schemas["EstadoTarea"];
export type TaskKind = Schemas["TipoTarea"];
export type Availability = Schemas["EstadoDisponibilidad"];
export type Officer = Schemas["OfficerOut"];
/** What is odd about an officer's device. */
export type Device = Schemas["DeviceOut"];
export type History = Schemas["HistoryOut"];
export type Note = Schemas["NoteOut"];
export type Candidate = Schemas["CandidateOut"];
export type Nearest = Schemas["NearestOut"];
export type Assignment = Schemas["AssignmentOut"];
export type AssignmentState = Schemas["EstadoAsignacion"];
export type AssignmentStep = Schemas["StepOut"];
export type Unanswered = Schemas["UnansweredOut"];
export type Stepped = Schemas["SteppedOut"];
export type Dispatch = Schemas["DispatchOut"];
export type OpenAlert = Schemas["OpenAlertOut"];
export type Alerts = Schemas["AlertsOut"];
export type Decision = Schemas["DecisionOut"];
export type Judged = Schemas["JudgedOut"];
export type Burst = Schemas["BurstOut"];
export type User = Schemas["UserOut"];
export type LinkCode = Schemas["LinkCodeOut"];
export type Session = Schemas["SessionOut"];
export type Emergency = Schemas["EmergencyOut"];
export type Problem = Schemas["Problem"];
export type AuditLine = Schemas["AuditLineOut"];
export type Verification = Schemas["VerificationOut"];
export type Service = Schemas["GovernmentOut"];
export type Ready = Schemas["ReadyOut"];
export type Performance = Schemas["PerformanceOut"];
export type Sockets = Schemas["WsStatsOut"];
export type Position = Schemas["PositionOut"];
export type Summary = Schemas["SummaryOut"];
export type Crew = Schemas["CrewOut"];
export type Times = Schemas["TimesOut"];
export type Tokens = Schemas["TokenOut"];

export const TASK_STATES: readonly TaskState[] = ["programada", "en_curso", "pausada", "finalizada", "cancelada"];
export const TASK_KINDS: readonly TaskKind[] = [
  "patrullaje",
  "investigacion",
  "vigilancia",
  "intervencion",
  "administrativa",
  "entrenamiento",
];
export const AVAILABILITIES: readonly Availability[] = ["disponible", "en_tarea", "no_disponible", "fuera_servicio"];

/** Moves that the office allows, from the contract; whatever else is tried is a 409. */
export const MOVES: Readonly<Record<TaskState, readonly TaskState[]>> = {
  programada: ["en_curso", "finalizada", "cancelada"],
  en_curso: ["pausada", "finalizada", "cancelada"],
  pausada: ["en_curso", "finalizada", "cancelada"],
  finalizada: [],
  cancelada: [],
};
