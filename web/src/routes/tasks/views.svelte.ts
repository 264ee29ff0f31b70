import { t } from "../../lib/i18n/index.svelte";
import { session } from "../../lib/session.svelte";

/** A choice of tasks with a name, as the part of the address behind `?`. */
export interface View {
  name: string;
  query: string;
}

const KEY = "gad.views";
const MOST = 12;

function stored(): View[] {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    const isView = (one: unknown): one is View =>
      typeof (one as View | null)?.name === "string" && typeof (one as View).query === "string";
    return Array.isArray(read) ? read.filter(isView).slice(0, MOST) : [];
  } catch {
    return []; // Somebody else wrote there.
  }
}

/** Views that everybody has, and those that were saved in this browser. */
class Views {
  own = $state<View[]>(stored());

  get built(): View[] {
    return [
      { name: t("views.all"), query: "" },
      { name: t("views.open"), query: "estado=programada%2Cen_curso%2Cpausada" },
      { name: t("views.waiting"), query: "espera_efectivo=true" },
      { name: t("views.mine"), query: `delegado_usuario_id=${session.user?.id ?? 0}` },
    ];
  }

  /** Keeps a view; one of the same name is replaced. */
  save(name: string, query: string): void {
    this.own = [...this.own.filter((view) => view.name !== name), { name, query }].slice(-MOST);
    localStorage.setItem(KEY, JSON.stringify(this.own));
  }

  remove(name: string): void {
    this.own = this.own.filter((view) => view.name !== name);
    localStorage.setItem(KEY, JSON.stringify(this.own));
  }
}

export const views = new Views();
