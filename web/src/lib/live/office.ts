import type { Assignment, Availability, Officer, Task } from "../api/wire";
import { Assignments } from "./assignments";

/** One message of the socket (docs/real-time.md). */
export interface Envelope {
  event_type: string;
  data: Record<string, unknown>;
  timestamp: string;
  message_id: string;
  offset: number | null;
  epoch: string | null;
}

/** Up to where events are known. */
export interface Place {
  epoch: string;
  offset: number;
}

/** Where an officer was last. */
export interface Position {
  officer: number;
  lat: number;
  lng: number;
  at: string;
  /** Metres within which the officer probably is. */
  accuracy?: number | null;
}

/** What the office shouts. */
export interface Alert {
  id: string;
  taskId: number;
  code: string;
  title: string;
  message: string;
  isEmergency: boolean;
  officer: number | null;
  at: string;
}

/** What became of a message: `reload` asks for everything anew over REST. */
export type Outcome = "ignored" | "applied" | "reload";

/** The task with which a message says that something was left. It does not change the task itself. */
export function noted({ event_type: kind, data }: Envelope): number | null {
  if (kind !== "task_updated") return null;
  const { changed } = data.task_data as { changed?: string[] };
  return changed?.includes("notas") ? Number(data.task_id) : null;
}

const REMARKS = ["posicion_dudosa", "desfase_reloj_s"];

/** The officer of whom a message says that what is odd about the device changed. The message does not hold it. */
export function remarked({ event_type: kind, data }: Envelope): number | null {
  if (kind !== "efectivo_status_changed") return null;
  const { changed } = data as { changed?: string[] };
  return changed?.some((name) => REMARKS.includes(name)) ? Number(data.efectivo_id) : null;
}

const MOST_ALERTS = 50;

const millis = (time: string): number => Date.parse(time);

/** What is known of the office, from REST and from events in whatever order both come.
 *
 * Invariant: nothing goes back in time. A task is replaced by a greater `version` only, an
 * availability and a position by a later time only; an event at or before `place` was seen. So a
 * snapshot that was read before an event, but arrives after it, takes nothing away. */
export class Office {
  place: Place | null = null;
  readonly tasks = new Map<number, Task>();
  readonly officers = new Map<number, Officer>();
  readonly positions = new Map<number, Position>();
  readonly assignments = new Assignments();
  alerts: Alert[] = [];
  private readonly deleted = new Set<number>();
  /** Officers whose deletion was heard: what was read before it does not bring them back. */
  private readonly departed = new Set<number>();
  /** What events told since the last call for everything anew; that read cannot know better. */
  private readonly heard = { tasks: new Set<number>(), officers: new Set<number>(), positions: new Set<number>() };
  private readonly availabilities = new Map<number, { at: number; is: Availability }>();

  apply(message: Envelope): Outcome {
    const { event_type: kind, data } = message;
    if (kind === "system_status" && data.type === "resync") return this.startAnew(message);
    if (kind === "connection_ack") return this.greeted(message);
    if (message.offset !== null && message.epoch !== null) {
      if (this.place && this.place.epoch !== message.epoch) return this.startAnew(message);
      if (this.place && message.offset <= this.place.offset) return "ignored";
    }
    const outcome = this.change(kind, data, message);
    this.moveTo(message); // After the change: who is cut in between sees it again, never misses it.
    return outcome;
  }

  takeTask(task: Task): boolean {
    const known = this.tasks.get(task.id);
    if (this.deleted.has(task.id) || (known && known.version >= task.version)) return false;
    this.tasks.set(task.id, task);
    return true;
  }

  takeOfficer(officer: Officer): void {
    if (this.departed.has(officer.id)) return;
    const known = this.availabilities.get(officer.id);
    const at = millis(officer.ultima_actualizacion_estado);
    if (known && known.at > at) {
      officer = {
        ...officer,
        estado_disponibilidad: known.is,
        ultima_actualizacion_estado: new Date(known.at).toISOString(),
      };
    } else {
      this.availabilities.set(officer.id, { at, is: officer.estado_disponibilidad });
    }
    this.officers.set(officer.id, officer);
  }

  takePosition(position: Position): boolean {
    const known = this.positions.get(position.officer);
    if (known && millis(known.at) >= millis(position.at)) return false;
    this.positions.set(position.officer, position);
    return true;
  }

  /** Forgets what may have gone while nobody listened, just before what was read anew is taken. */
  forget(): void {
    const { tasks, officers, positions } = this.heard;
    for (const id of this.tasks.keys()) if (!tasks.has(id)) this.tasks.delete(id);
    for (const id of this.deleted) if (!tasks.has(id)) this.deleted.delete(id);
    for (const id of this.positions.keys()) if (!positions.has(id)) this.positions.delete(id);
    for (const id of this.availabilities.keys()) if (!officers.has(id)) this.availabilities.delete(id);
    for (const id of this.officers.keys()) if (!officers.has(id)) this.officers.delete(id);
    for (const id of this.departed) if (!officers.has(id)) this.departed.delete(id);
  }

  private startAnew(message: Envelope): Outcome {
    for (const ids of Object.values(this.heard)) ids.clear();
    // A restored record counts versions from where the backup was: what we know says nothing of it.
    if (this.place?.epoch !== message.epoch) {
      const all = [this.tasks, this.officers, this.positions, this.availabilities, this.deleted, this.departed];
      for (const known of all) known.clear();
      this.assignments.clear();
    }
    this.moveTo(message);
    return "reload";
  }

  private greeted(message: Envelope): Outcome {
    if (message.offset === null || message.epoch === null) return "ignored";
    if (this.place !== null && this.place.epoch !== message.epoch) return this.startAnew(message);
    if (!this.place) this.moveTo(message);
    return "applied";
  }

  private moveTo({ epoch, offset }: Envelope): void {
    if (epoch !== null && offset !== null) this.place = { epoch, offset };
  }

  private change(kind: string, data: Record<string, unknown>, message: Envelope): Outcome {
    switch (kind) {
      case "task_created":
      case "task_updated":
      case "task_status_changed":
      case "task_assigned":
        return this.taskChanged(data);
      case "efectivo_status_changed":
        return this.officerChanged(data);
      case "efectivo_location_update":
        return this.moved(data);
      case "alert":
        return this.shouted(data, message);
      case "assignment_changed":
        return this.assignmentChanged(data);
      case "dispatch_escalated":
        this.assignments.escalated(Number(data.task_id), Number(data.paso), String(data.motivo));
        this.takeHeard(data.tarea as Task);
        return "applied";
      case "alert_taken":
        this.assignments.tookAlert(Number(data.task_id), Number(data.tomada_por), message.timestamp);
        return "applied";
      default:
        return "ignored";
    }
  }

  private taskChanged(data: Record<string, unknown>): Outcome {
    const task = data.task_data as Task;
    if (data.sub_event_type === "deleted") {
      this.heard.tasks.add(task.id);
      this.deleted.add(task.id);
      this.assignments.forgetTask(task.id);
      return this.tasks.delete(task.id) ? "applied" : "ignored";
    }
    return this.takeHeard(task) ? "applied" : "ignored";
  }

  private takeHeard(task: Task): boolean {
    this.heard.tasks.add(task.id);
    if (!task.espera_efectivo) this.assignments.served(task.id);
    return this.takeTask(task);
  }

  private assignmentChanged(data: Record<string, unknown>): Outcome {
    const isNewTask = this.takeHeard(data.tarea as Task);
    const isNewStep = this.assignments.hear(data.asignacion as Assignment);
    return isNewTask || isNewStep ? "applied" : "ignored";
  }

  private officerChanged(data: Record<string, unknown>): Outcome {
    const id = Number(data.efectivo_id);
    switch (data.sub_event_type) {
      case "deleted":
        this.heard.officers.add(id);
        this.departed.add(id);
        this.availabilities.delete(id);
        this.positions.delete(id);
        return this.officers.delete(id) ? "applied" : "ignored";
      case "created":
      case "updated":
        this.heard.officers.add(id);
        this.takeOfficer(data.efectivo as Officer);
        return "applied";
      default:
        return this.availabilityChanged(data);
    }
  }

  private availabilityChanged(data: Record<string, unknown>): Outcome {
    const told = data.efectivo_data as { id: number; estado_disponibilidad: Availability; fecha_actualizacion: string };
    const at = millis(told.fecha_actualizacion);
    const known = this.availabilities.get(told.id);
    if (known && known.at > at) return "ignored";
    this.heard.officers.add(told.id);
    this.availabilities.set(told.id, { at, is: told.estado_disponibilidad });
    const officer = this.officers.get(told.id);
    if (officer) {
      const since = told.fecha_actualizacion;
      const is = told.estado_disponibilidad;
      this.officers.set(told.id, { ...officer, estado_disponibilidad: is, ultima_actualizacion_estado: since });
    }
    return "applied";
  }

  private moved(data: Record<string, unknown>): Outcome {
    const told = data.efectivo_data as {
      id: number;
      lat: number;
      lng: number;
      reported_at: string;
      precision_m?: number | null;
    };
    const { lat, lng } = told;
    const position = { officer: told.id, lat, lng, at: told.reported_at, accuracy: told.precision_m ?? null };
    this.heard.positions.add(told.id);
    return this.takePosition(position) ? "applied" : "ignored";
  }

  private shouted(data: Record<string, unknown>, message: Envelope): Outcome {
    if (this.alerts.some((alert) => alert.id === message.message_id)) return "ignored";
    const alert: Alert = {
      id: message.message_id,
      taskId: Number(data.task_id),
      code: String(data.codigo ?? ""),
      title: String(data.titulo ?? ""),
      message: String(data.message ?? ""),
      isEmergency: data.prioridad === "critica",
      officer: typeof data.assigned_efectivo_id === "number" ? data.assigned_efectivo_id : null,
      at: message.timestamp,
    };
    this.alerts = [alert, ...this.alerts].slice(0, MOST_ALERTS);
    return "applied";
  }
}
