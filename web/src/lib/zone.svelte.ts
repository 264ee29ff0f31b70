import { config } from "./config";

/** The office's time zone; the browser's own until it is known. */
class Office {
  zone = $state<string | undefined>();

  async load(): Promise<void> {
    try {
      this.zone = (await config()).time_zone;
    } catch {
      // The browser's zone is right for most offices, and the next page tries again.
    }
  }
}

export const office = new Office();
