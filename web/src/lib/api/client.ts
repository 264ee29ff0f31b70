import type { Problem } from "./wire";

/** The office refused, and said why. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem & { current?: unknown; retry_after_seconds?: number },
    readonly retryAfter: number | null,
  ) {
    super(problem.detail ?? String(status));
  }

  /** What is wrong with each field, by its name on the wire. */
  get fields(): Record<string, string> {
    const errors = (this.problem.errors ?? []) as { loc: (string | number)[]; msg: string }[];
    return Object.fromEntries(errors.map((error) => [String(error.loc.at(-1)), error.msg]));
  }

  /** Whether signing in again may help. */
  get isUnauthenticated(): boolean {
    return this.status === 401 || (this.status === 403 && this.problem.detail === "Could not validate credentials");
  }
}

/** Nothing came back. */
export class Unreachable extends Error {}

/** What came back. */
export interface Answer<T> {
  data: T;
  etag: string | null;
  next: string | null;
  /** How many rows there are, where the answer holds only some of them. */
  total: number | null;
}

export interface Options {
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  form?: Record<string, string>;
  ifMatch?: string;
  /** Sent again with the same key, a POST is carried out once. */
  key?: string;
  signal?: AbortSignal;
  /** A 503 that tells how the service does is an answer. */
  evenIfIll?: boolean;
  /** Answers in its place once the session is renewed; not for sign-in itself. */
  anonymous?: boolean;
}

type Renew = () => Promise<void>;
let renew: Renew = () => Promise.reject(new Error("no session"));

/** Who renews the session when the office says that it has ended. It may wait for a person. */
export function renewBy(by: Renew): void {
  renew = by;
}

/** A key for one POST, kept by whoever may have to send it again. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const PATIENCE_MS = 20_000;

async function once<T>(method: string, path: string, options: Options): Promise<Answer<T>> {
  const url = new URL(path, location.origin);
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value !== undefined && value !== "") url.searchParams.set(name, String(value));
  }
  const headers = new Headers({ Accept: "application/json" });
  if (options.body !== undefined) headers.set("Content-Type", "application/json");
  if (options.ifMatch) headers.set("If-Match", options.ifMatch);
  if (options.key) headers.set("Idempotency-Key", options.key);
  const limit = AbortSignal.timeout(PATIENCE_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
  const body = options.form ? new URLSearchParams(options.form) : JSON.stringify(options.body);
  let response: Response;
  try {
    response = await fetch(url, { method, headers, body: method === "GET" ? null : (body ?? null), signal });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Unreachable("unreachable", { cause: error });
  }
  if (!response.ok) {
    const problem = (await response
      .json()
      .catch(() => ({ status: response.status, detail: response.statusText }))) as Problem;
    if (options.evenIfIll && response.status === 503) {
      const told: unknown = typeof problem.detail === "object" ? problem.detail : problem;
      return { data: told as T, etag: null, next: null, total: null };
    }
    const after = Number(response.headers.get("retry-after"));
    throw new Refusal(response.status, problem, after > 0 ? after : null);
  }
  const data = response.status === 204 ? undefined : await response.json();
  const { headers: given } = response;
  const total = given.get("x-total-count");
  return {
    data: data as T,
    etag: given.get("etag"),
    next: given.get("x-next-cursor"),
    total: total === null ? null : Number(total),
  };
}

/** Asks the office. An ended session is renewed, by a person if need be, and the request sent again. */
export async function call<T>(method: string, path: string, options: Options = {}): Promise<Answer<T>> {
  try {
    return await once<T>(method, path, options);
  } catch (error) {
    if (options.anonymous || !(error instanceof Refusal) || !error.isUnauthenticated) throw error;
    await renew();
    return once<T>(method, path, options);
  }
}

export const get = <T>(path: string, options?: Options) => call<T>("GET", path, options);
export const post = <T>(path: string, body: unknown, options?: Options) => call<T>("POST", path, { body, ...options });
export const put = <T>(path: string, body: unknown, options?: Options) => call<T>("PUT", path, { body, ...options });

/** Most rows of one answer. */
export const PAGE = 500;
const MOST_PARTS = 1000; // A list that never ends is a fault; 500,000 rows are none.

/** All rows of what comes in parts: `read` gives one part, and where the next one begins if there is one. */
export async function parts<T, At>(
  read: (at: At | undefined) => Promise<{ rows: T[]; next: At | null | undefined }>,
): Promise<T[]> {
  const all: T[] = [];
  let at: At | undefined;
  for (let part = 0; part < MOST_PARTS; part++) {
    const { rows, next } = await read(at);
    all.push(...rows);
    if (next == null) break;
    at = next;
  }
  return all;
}

/** All rows of a list by id. */
export const pages = <T extends { id: number }>(path: string, query: Options["query"]): Promise<T[]> =>
  parts(async (cursor?: string) => {
    const { data, next } = await get<T[]>(path, { query: { ...query, limit: PAGE, cursor } });
    return { rows: data, next };
  });

/** All features of a collection that comes in parts. */
export const features = <T>(path: string, query: Options["query"]): Promise<T[]> =>
  parts(async (cursor?: number) => {
    const { data } = await get<{ features: T[]; siguiente?: number | null }>(path, { query: { ...query, cursor } });
    return { rows: data.features, next: data.siguiente };
  });
