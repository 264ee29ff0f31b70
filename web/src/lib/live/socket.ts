import type { Envelope, Place } from "./office";

/** How the screen hears of the office. */
export type Link = "connecting" | "live" | "offline";

/** What the socket needs of its owner. */
export interface Owner {
  place(): Place | null;
  heard(message: Envelope): void;
  linked(link: Link): void;
  /** The token is no longer good. Resolves when a new one is there. */
  renew(): Promise<void>;
}

const SILENCE_MS = 90_000; // Three intervals of the server's signs of life.
const LONGEST_MS = 30_000;

/** Milliseconds to wait before the attempt after `failures` failed ones, `chance` in 0..1. */
export function pause(failures: number, chance: number): number {
  const longest = Math.min(1000 * 2 ** failures, LONGEST_MS);
  return longest / 2 + (longest / 2) * chance;
}

/** One connection that comes back by itself and asks for what it missed. */
export class Socket {
  private socket: WebSocket | null = null;
  private failures = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private heardAt = 0;
  private isStopped = false;

  constructor(private readonly owner: Owner) {
    addEventListener("online", () => this.now());
    addEventListener("offline", () => this.socket?.close());
  }

  open(): void {
    clearTimeout(this.retry);
    if (this.isStopped || this.socket) return;
    this.owner.linked("connecting");
    const place = this.owner.place();
    const url = new URL("/ws/connect", location.origin);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    if (place) url.searchParams.set("desde", `${place.epoch}:${place.offset}`);
    const socket = new WebSocket(url);
    this.socket = socket;
    this.listen();
    socket.onmessage = (event) => this.message(socket, JSON.parse(String(event.data)) as Envelope);
    socket.onclose = (event) => {
      if (this.socket === socket) this.closed(event.code);
    };
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.retry);
    this.deaf();
    this.socket?.close();
    this.socket = null;
  }

  say(event_type: string, data: Record<string, unknown> = {}): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ event_type, data }));
  }

  private now(): void {
    this.failures = 0;
    this.open();
  }

  private message(socket: WebSocket, message: Envelope): void {
    this.listen();
    if (message.event_type === "ping") socket.send('{"event_type":"pong","data":{}}');
    if (message.event_type === "connection_ack") {
      this.failures = 0;
      this.owner.linked("live");
    }
    this.owner.heard(message);
  }

  // One timer for many messages: setting one for each costs more than what they tell.
  private listen(): void {
    this.heardAt = Date.now();
    this.silence ??= setTimeout(() => this.listened(), SILENCE_MS);
  }

  private listened(): void {
    this.silence = undefined;
    const left = this.heardAt + SILENCE_MS - Date.now();
    if (left > 0) {
      this.silence = setTimeout(() => this.listened(), left);
      return;
    }
    const dead = this.socket;
    this.socket = null; // A dead line may take minutes to say that it closed.
    dead?.close();
    this.closed(1006, true);
  }

  private deaf(): void {
    clearTimeout(this.silence);
    this.silence = undefined;
  }

  private closed(code: number, isDetached = false): void {
    if (!isDetached) this.socket = null;
    this.deaf();
    if (this.isStopped) return;
    this.owner.linked("offline");
    const wait = pause(this.failures++, Math.random());
    if (code === 4401 || code === 1008) {
      this.owner.renew().then(
        () => (this.retry = setTimeout(() => this.open(), wait)),
        () => (this.retry = setTimeout(() => this.open(), LONGEST_MS)),
      );
    } else {
      this.retry = setTimeout(() => this.open(), wait);
    }
  }
}
