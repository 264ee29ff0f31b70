import { get, pages } from "../api/client";
import type { Availability, Officer, Task } from "../api/wire";
import { session } from "../session.svelte";
import { Office, type Alert, type Position } from "./office";
import { Socket, type Link } from "./socket";

const TICK_MS = 250; // Positions are told twice a second; nobody sees more of a list.

interface Feature {
  id: number;
  geometry: { coordinates: [number, number] };
  properties: { medida_en: string };
}

/** The office as the screen shows it: read once, then kept up by events. */
class Live {
  readonly office = new Office();
  link = $state<Link>("connecting");
  loaded = $state(false);
  failed = $state(false);
  /** When the office was heard last. */
  heardAt = $state(Date.now());
  private version = $state(0);
  private pending: ReturnType<typeof setTimeout> | undefined;
  private loading: Promise<void> | null = null;
  private isAnew = false;
  private isAgain = false;
  private socket: Socket | null = null;
  private shout: (alert: Alert) => void = () => {};

  start(shout: (alert: Alert) => void): void {
    this.shout = shout;
    if (this.socket) return;
    this.socket = new Socket({
      place: () => this.office.place,
      linked: (link) => (this.link = link),
      renew: () => session.need(),
      heard: (message) => {
        const [before] = this.office.alerts;
        const outcome = this.office.apply(message);
        this.heardAt = Date.now();
        const [after] = this.office.alerts;
        if (after && after !== before) this.shout(after);
        // The first greeting came before anything was read: what happens meanwhile is heard.
        const isFirst = message.event_type === "connection_ack" && !this.loaded;
        if (outcome === "reload" || isFirst) void this.load(outcome === "reload");
        if (outcome === "applied") this.touch();
      },
    });
    session.onToken = (token) => this.socket?.say("authenticate", { token });
    this.socket.open();
  }

  stop(): void {
    this.socket?.stop();
    this.socket = null;
  }

  /** Shows a task that was read or changed by this screen. */
  take(task: Task): void {
    if (this.office.takeTask(task)) this.touch();
  }

  /** Shows an officer that was read or changed by this screen. */
  takeOfficer(officer: Officer): void {
    this.office.takeOfficer(officer);
    this.touch();
  }

  /** Reads everything; `anew` when what is shown may no longer be. */
  async load(anew: boolean): Promise<void> {
    this.isAnew ||= anew;
    if (this.loading) {
      this.isAgain ||= anew; // What is being read may be from before.
      return this.loading;
    }
    do {
      this.isAgain = false;
      this.loading = this.read();
      await this.loading;
      this.loading = null;
    } while (this.isAgain);
  }

  private async read(): Promise<void> {
    try {
      const isStaff = session.level >= 2;
      const [open, waiting, officers, places] = await Promise.all([
        pages<Task>("/api/v1/tasks/", { estado: "en_curso,pausada" }),
        pages<Task>("/api/v1/tasks/", { espera_efectivo: "true" }),
        isStaff ? pages<Officer>("/api/v1/efectivos", {}) : [],
        isStaff
          ? get<{ features: Feature[] }>("/api/v1/geo/efectivos.geojson", { query: { bbox: "-180,-90,180,90" } })
          : null,
      ]);
      if (this.isAnew) this.office.forget();
      this.isAnew = false;
      for (const task of [...open, ...waiting]) this.office.takeTask(task);
      for (const officer of officers) this.office.takeOfficer(officer);
      for (const { id, geometry, properties } of places?.data.features ?? []) {
        const [lng, lat] = geometry.coordinates;
        this.office.takePosition({ officer: id, lat, lng, at: properties.medida_en });
      }
      this.loaded = true;
      this.failed = false;
    } catch {
      this.failed = true;
      setTimeout(() => void this.load(false), 5000);
    }
    this.touch();
  }

  private touch(): void {
    this.pending ??= setTimeout(() => {
      this.pending = undefined;
      this.version++;
    }, TICK_MS);
  }

  task(id: number): Task | undefined {
    void this.version;
    return this.office.tasks.get(id);
  }

  get tasks(): Task[] {
    void this.version;
    return [...this.office.tasks.values()];
  }

  get officers(): Officer[] {
    void this.version;
    return [...this.office.officers.values()];
  }

  get positions(): Position[] {
    void this.version;
    return [...this.office.positions.values()];
  }

  get alerts(): Alert[] {
    void this.version;
    return this.office.alerts;
  }

  get byAvailability(): Record<Availability, Officer[]> {
    return Object.groupBy(this.officers, (officer) => officer.estado_disponibilidad) as Record<Availability, Officer[]>;
  }
}

export const live = new Live();
