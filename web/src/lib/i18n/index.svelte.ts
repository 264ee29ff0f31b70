import { en } from "./en";
import { es, type Key } from "./es";

export type Language = "es" | "en";
export type { Key };

const STORED = "gad.language";
const TEXTS: Record<Language, Record<Key, string>> = { es, en };

class Words {
  language = $state<Language>(localStorage.getItem(STORED) === "en" ? "en" : "es");

  constructor() {
    document.documentElement.lang = this.language;
  }

  toggle(): void {
    this.language = this.language === "es" ? "en" : "es";
    localStorage.setItem(STORED, this.language);
    document.documentElement.lang = this.language;
  }
}

export const words = new Words();

/** The text of a key in the chosen language, with `{name}` filled in. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  return TEXTS[words.language][key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}
