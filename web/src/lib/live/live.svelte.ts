import { features, pages } from "../api/client";
import type { Assignment, Availability, Dispatch, Officer, Stepped, Task } from "../api/wire";
import { clock } from "../clock.svelte";
import { session } from "../session.svelte";
import { isNotified, isUnanswered, type Progress } from "./assignments";
import { readOwn, readSent, readWatch, takeStep } from "./desk";
import { noted, Office, remarked, type Alert, type Position } from "./office";
import { Socket, type Link } from "./socket";

const TICK_MS = 250; // Nobody sees more of a list.
const WATCH_MS = 10_000; // What nothing tells: that Telegram is away, and that a task programmed for later runs now.
const SOON_MS = { desk: 1500, officer: 200 }; // One call changes several assignments at once.
const WALK_MS = 1000; // Officers report once a second; each redrawing of the map costs as much as all lists.

interface Feature {
  id: number;
  geometry: { coordinates: [number, number] };
  properties: { medida_en: string; precision_m: number | null };
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
  /** Sent or offered, and not answered; those programmed for later too. */
  unanswered = $state.raw<Assignment[]>([]);
  /** How the dispatch of each task is going. */
  progress = $state.raw<(task: number) => Progress>((task) => this.office.assignments.of(task));
  /** Emergencies that the desk must watch. */
  alerting = $state.raw<Task[]>([]);
  /** One's own open assignments and offers. */
  own = $state.raw<Assignment[]>([]);
  /** Whether Telegram does not answer. */
  isTelegramDown = $state(false);
  /** Seconds after which an emergency has waited too long. */
  longestWait = $state(300);
  /** With which assignment something happened; changes with each event. */
  stepped = $state.raw<{ task: number | null }>({ task: null });
  /** With which task something was left; null when that may be any. */
  noted = $state.raw<{ task: number | null }>({ task: null });
  /** Of which officer's device what is odd changed; null when that may be any. */
  remarked = $state.raw<{ officer: number | null }>({ officer: null });
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
  private watching: ReturnType<typeof setInterval> | undefined;
  private soon: ReturnType<typeof setTimeout> | undefined;
  private readonly confirming = new Set<number>();
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
        const officer = remarked(message);
        if (officer !== null) this.remarked = { officer };
        if (outcome === "reload") {
          this.noted = { task: null };
          this.remarked = { officer: null };
        }
        const [after] = this.office.alerts;
        if (after && after !== before) this.shout(after);
        // The first greeting came before anything was read: what happens meanwhile is heard.
        const isFirst = message.event_type === "connection_ack" && !this.loaded;
        if (outcome === "reload" || isFirst) void this.load(outcome === "reload");
        if (message.event_type === "assignment_changed") {
          this.stepped = { task: Number(message.data.task_id) };
          const { pasos } = message.data.asignacion as Assignment;
          // Events name no people; telephone numbers of those who are new are read.
          if (session.level < 2 || pasos.length === 1 || this.own.length) this.watchSoon();
        }
        if (outcome === "applied" && message.event_type === "efectivo_location_update") this.walk();
        else if (outcome === "applied") this.touch();
      },
    });
    session.onToken = (token) => this.socket?.say("authenticate", { token });
    this.socket.open();
    this.watching = setInterval(() => void this.watch(), WATCH_MS);
  }

  stop(): void {
    clearInterval(this.watching);
    clearTimeout(this.soon);
    this.soon = undefined;
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

  /** Shows what became of a step. */
  takeStepped({ asignacion, tarea }: Stepped): void {
    this.office.assignments.hear(asignacion);
    this.office.takeTask(tarea);
    this.stepped = { task: tarea.id };
    this.touch();
    this.watchSoon();
  }

  /** Shows how a dispatch is going, as the office answered. */
  takeDispatch(dispatch: Dispatch): void {
    this.office.assignments.takeDispatch(dispatch);
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
      const [open, waiting, sent, officers, places] = await Promise.all([
        pages<Task>("/api/v1/tasks/", { estado: "en_curso,pausada" }),
        pages<Task>("/api/v1/tasks/", { espera_efectivo: "true" }),
        isStaff ? readSent() : [],
        isStaff ? pages<Officer>("/api/v1/efectivos", {}) : [],
        isStaff ? features<Feature>("/api/v1/geo/efectivos.geojson", { bbox: "-180,-90,180,90" }) : [],
      ]);
      if (this.isAnew) this.office.forget();
      this.isAnew = false;
      for (const task of [...open, ...waiting, ...sent]) this.office.takeTask(task);
      for (const officer of officers) this.office.takeOfficer(officer);
      for (const { id, geometry, properties } of places) {
        const [lng, lat] = geometry.coordinates;
        this.office.takePosition({ officer: id, lat, lng, at: properties.medida_en, accuracy: properties.precision_m });
      }
      await this.readDesk();
      this.show();
      this.place();
      this.loaded = true;
      this.failed = false;
    } catch {
      this.failed = true;
      setTimeout(() => void this.load(false), 5000);
    }
  }

  /** Reads what the desk must watch, or the officer's own assignments. A failure leaves what is shown. */
  private async watch(): Promise<void> {
    // What happened while all was read anew may be missing in it: it is read once more then.
    if (!this.loaded || this.loading) return this.watchSoon();
    await this.readDesk().catch(() => {});
    this.show();
  }

  private watchSoon(): void {
    this.soon ??= setTimeout(
      () => {
        this.soon = undefined;
        void this.watch();
      },
      session.level >= 2 ? SOON_MS.desk : SOON_MS.officer,
    );
  }

  private async readDesk(): Promise<void> {
    if (session.level >= 2) {
      const reading = this.office.assignments.begin();
      const watch = await readWatch();
      clock.set(watch.now);
      for (const { tarea } of watch.alerts) this.office.takeTask(tarea);
      this.office.assignments.replace(reading, watch.unanswered, watch.alerts);
      this.isTelegramDown = watch.telegram === "degraded";
      this.longestWait = watch.longestWait;
    }
    // Who is no officer has none: asked once.
    if (session.level >= 2 && this.own.length === 0 && this.loaded && !this.isOfficer) return;
    this.own = await readOwn();
    this.confirm();
  }

  private get isOfficer(): boolean {
    return this.officers.some(({ usuario_id }) => usuario_id === session.user?.id);
  }

  /** Confirms that one's own new assignments have arrived on this screen. */
  private confirm(): void {
    for (const assignment of this.own) {
      const isNews = isUnanswered(assignment) && !isNotified(assignment) && assignment.corre_desde != null;
      if (!isNews || this.confirming.has(assignment.id)) continue;
      this.confirming.add(assignment.id);
      takeStep(assignment.id, "avisada")
        .catch(() => {}) // The next reading finds it unconfirmed, and tries again.
        .finally(() => this.confirming.delete(assignment.id));
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
    const { assignments } = this.office;
    this.unanswered = assignments.unanswered(clock.read());
    const sent = new Set(this.unanswered.map(({ tarea_id }) => tarea_id));
    this.alerting = this.tasks.filter((task) => assignments.isAlerting(task, sent));
    this.progress = (task) => assignments.of(task);
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
