import { get } from "./api/client";

/** What the page must know of this office before anyone has signed in. */
export interface Config {
  map_style_url: string | null;
  /** IANA name of the time zone whose days the office counts. */
  time_zone: string;
}

let read: Promise<Config> | undefined;

/** Reads it once; the next call tries again after a failure. */
export const config = (): Promise<Config> =>
  (read ??= get<Config>("/config.json", { anonymous: true }).then(
    ({ data }) => data,
    (error: unknown) => {
      read = undefined;
      throw error;
    },
  ));
