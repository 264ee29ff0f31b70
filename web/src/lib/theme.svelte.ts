/** Light, dark, or what the machine wants. */
export type Theme = "auto" | "light" | "dark";

const KEY = "gad.theme";

function stored(): Theme {
  const value = localStorage.getItem(KEY);
  return value === "light" || value === "dark" ? value : "auto";
}

class Themes {
  current = $state<Theme>(stored());
  /** Counts changes, for what draws itself and cannot follow CSS. */
  changes = $state(0);

  constructor() {
    this.show();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.changes++);
  }

  get isDark(): boolean {
    void this.changes;
    if (this.current === "auto") return matchMedia("(prefers-color-scheme: dark)").matches;
    return this.current === "dark";
  }

  toggle(): void {
    this.current = this.isDark ? "light" : "dark";
    localStorage.setItem(KEY, this.current);
    this.show();
  }

  private show(): void {
    document.documentElement.dataset.theme = this.current;
    this.changes++;
  }
}

export const theme = new Themes();
