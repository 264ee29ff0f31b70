import { createSubscriber } from "svelte/reactivity";

/** The time of the server, which ticks each second while something on the screen shows it. */
class Clock {
  /** Milliseconds by which the server's clock is ahead of this machine's. */
  private ahead = 0;
  private readonly subscribe = createSubscriber((update) => {
    const timer = setInterval(update, 1000);
    return () => clearInterval(timer);
  });

  get now(): number {
    this.subscribe();
    return Date.now() + this.ahead;
  }

  /** The time at this moment, without following it. */
  read(): number {
    return Date.now() + this.ahead;
  }

  /** Takes what the server says that the time is. */
  set(now: string): void {
    this.ahead = Date.parse(now) - Date.now();
  }
}

export const clock = new Clock();
