import { call, get, Refusal, renewBy, Unreachable, type Answer } from "./api/client";
import { told } from "./api/failure";
import type { Tokens, User } from "./api/wire";
import { t } from "./i18n/index.svelte";
import { notice } from "./notice.svelte";

type Status = "unknown" | "unreachable" | "out" | "in" | "expired";

const RENEWED = "gad.renewed"; // When any tab of this browser renewed the session last; no secret.
const EXPIRES = "gad.expires"; // Until when the access token is good; no secret either.
const FRESH_MS = 60_000;

/** Who is signed in. The tokens are cookies that no script reads; the access token is kept in memory
 * only because an open socket is renewed by it. */
class Session {
  status = $state<Status>("unknown");
  user = $state<User | null>(null);
  private renewal: Promise<boolean> | null = null;
  private waiting: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Told a new access token. */
  onToken: (token: string) => void = () => {};

  constructor() {
    renewBy(() => this.need());
  }

  get level(): number {
    return this.user?.nivel ?? 0;
  }

  /** Goes on with the session that the browser has, if it has one. */
  async resume(): Promise<void> {
    if (!localStorage.getItem(RENEWED)) {
      this.status = "out"; // Nobody has signed in here: no need to ask.
      return;
    }
    try {
      const left = Number(localStorage.getItem(EXPIRES) ?? 0) - Date.now();
      if (left > FRESH_MS) this.renewIn(left / 2);
      else if (!(await this.renew())) {
        this.status = "out";
        return;
      }
      this.user = (await this.me()).data;
      this.status = "in";
    } catch (error) {
      const isAnswer = error instanceof Refusal && error.status < 500 && error.status !== 429;
      this.status = isAnswer ? "out" : "unreachable";
    }
  }

  private async me(): Promise<Answer<User>> {
    const ask = () => get<User>("/api/v1/users/me", { anonymous: true });
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Refusal && error.isUnauthenticated && (await this.renew()))) throw error;
      return ask();
    }
  }

  /** Signs in; waiting requests go on. */
  async signIn(username: string, password: string): Promise<void> {
    const form = { username, password };
    const { data } = await call<Tokens>("POST", "/api/v1/auth/login", { form, anonymous: true });
    this.took(data);
    const before = this.user;
    this.user = (await get<User>("/api/v1/users/me", { anonymous: true })).data;
    if (before && before.id !== this.user.id) {
      location.assign("/");
      return;
    }
    this.status = "in";
    for (const { resolve } of this.waiting.splice(0)) resolve();
  }

  /** Signs out; a session that the office could not end is not said to have ended. */
  async signOut(): Promise<void> {
    try {
      await call("POST", "/api/v1/auth/logout", { anonymous: true });
    } catch (failure) {
      notice.text = `${t("fail.signOut")} ${told(failure)}`;
      return;
    }
    localStorage.removeItem(RENEWED);
    localStorage.removeItem(EXPIRES);
    location.assign("/");
  }

  /** Gives up on whatever waits for the session. */
  leave(): void {
    this.status = "out";
    this.user = null;
    for (const { reject } of this.waiting.splice(0)) reject(new Error("signed out"));
  }

  /** Renews, and if that fails waits until the person has signed in again. */
  async need(): Promise<void> {
    if (this.status === "expired" || !(await this.renew())) {
      if (this.status === "in") this.status = "expired";
      if (this.status !== "expired") throw new Error("signed out");
      await new Promise<void>((resolve, reject) => this.waiting.push({ resolve, reject }));
    }
  }

  /** Whether the session is good now. Tabs take turns where they can; where they cannot, those that ask at
   * the same time get the same tokens. */
  renew(): Promise<boolean> {
    const mine = Date.now();
    const work = async (): Promise<boolean> => {
      const last = Number(localStorage.getItem(RENEWED) ?? 0);
      // Another tab did it while we waited; our cookie is the new one.
      if (last > mine) return true;
      try {
        this.took((await call<Tokens>("POST", "/api/v1/auth/refresh", { body: {}, anonymous: true })).data);
        return true;
      } catch (error) {
        if (error instanceof Refusal && error.status < 500 && error.status !== 429) return false;
        throw error instanceof Refusal ? new Unreachable("busy", { cause: error }) : error;
      }
    };
    const locked = async (): Promise<boolean> => {
      const locks = navigator.locks as LockManager | undefined; // Only there behind TLS or on this machine.
      return locks ? await locks.request("gad-session", work) : await work();
    };
    this.renewal ??= locked().finally(() => (this.renewal = null));
    return this.renewal;
  }

  private took(tokens: Tokens): void {
    const life = tokens.expires_in * 1000;
    localStorage.setItem(RENEWED, String(Date.now()));
    localStorage.setItem(EXPIRES, String(Date.now() + life));
    this.onToken(tokens.access_token);
    this.renewIn(Math.max(life / 2, FRESH_MS / 4));
  }

  private renewIn(wait: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.renew().catch(() => {}), wait);
  }
}

export const session = new Session();
