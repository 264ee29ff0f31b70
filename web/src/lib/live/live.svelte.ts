import { get, pages } from "../api/client";
import type { Availability, Officer, Task } from "../api/wire";
import { session } from "../session.svelte";
import { noted, Office, type Alert, type Position } from "./office";
import { Socket, type Link } from "./socket";

const TICK_MS = 250; // Nobody sees more of a list.
const WALK_MS = 1000; // Officers report once a second; each redrawing of the map costs as much as all lists.

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
  /** When the office was heard last, as of when the line changed last. */
  heardAt = $state(Date.now());
  private lastHeard = Date.now();
  // Each by itself, and the same until it changes: whoever walks must not have tasks drawn anew.
  tasks = $state.raw<Task[]>([]);
  officers = $state.raw<Officer[]>([]);
  positions = $state.raw<Position[]>([]);
  alerts = $state.raw<Alert[]>([]);
  /** With which task something was left; null when that may be any. */
  noted = $state.raw<{ task: number | null }>({ task: null });
  readonly byAvailability = $derived(
    Object.groupBy(this.officers, ({ estado_disponibilidad }) => estado_disponibilidad) as Record<
      Availability,
      Officer[]
    >,
  );
  private pending: ReturnType<typeof setTimeout> | undefined;
  private walking: ReturnType<typeof setTimeout> | undefined;
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
      linked: (link) => {
        this.link = link;
        this.heardAt = this.lastHeard;
      },
      renew: () => session.need(),
      heard: (message) => {
        const [before] = this.office.alerts;
        const outcome = this.office.apply(message);
        this.lastHeard = Date.now();
        const task = noted(message);
        if (task !== null) this.noted = { task };
        if (outcome === "reload") this.noted = { task: null };
        const [after] = this.office.alerts;
        if (after && after !== before) this.shout(after);
        // The first greeting came before anything was read: what happens meanwhile is heard.
        const isFirst = message.event_type === "connection_ack" && !this.loaded;
        if (outcome === "reload" || isFirst) void this.load(outcome === "reload");
        if (outcome === "applied" && message.event_type === "efectivo_location_update") this.walk();
        else if (outcome === "applied") this.touch();
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
      this.show();
      this.place();
      this.loaded = true;
      this.failed = false;
    } catch {
      this.failed = true;
      setTimeout(() => void this.load(false), 5000);
    }
  }

  private touch(): void {
    this.pending ??= setTimeout(() => this.show(), TICK_MS);
  }

  private show(): void {
    clearTimeout(this.pending);
    this.pending = undefined;
    this.tasks = [...this.office.tasks.values()];
    this.officers = [...this.office.officers.values()];
    this.alerts = this.office.alerts;
  }

  private walk(): void {
    this.walking ??= setTimeout(() => this.place(), WALK_MS);
  }

  private place(): void {
    clearTimeout(this.walking);
    this.walking = undefined;
    this.positions = [...this.office.positions.values()];
  }

  task(id: number): Task | undefined {
    void this.tasks;
    return this.office.tasks.get(id);
  }
}

export const live = new Live();
