import type { IconName } from "./components/icons";
import type { Key } from "./i18n/index.svelte";
import { session } from "./session.svelte";

/** A screen that can be chosen from anywhere, and from which level on. */
export interface Screen {
  to: string;
  key: Key;
  icon: IconName;
  level: number;
}

const SCREENS: readonly Screen[] = [
  { to: "/", key: "nav.board", icon: "map", level: 2 },
  { to: "/tareas", key: "nav.tasks", icon: "clipboard", level: 1 },
  { to: "/efectivos", key: "nav.officers", icon: "shield", level: 2 },
  { to: "/informes", key: "nav.reports", icon: "chart", level: 2 },
  { to: "/usuarios", key: "nav.users", icon: "users", level: 2 },
  { to: "/auditoria", key: "nav.audit", icon: "scroll", level: 3 },
  { to: "/sistema", key: "nav.system", icon: "activity", level: 3 },
  { to: "/sesiones", key: "nav.sessions", icon: "monitor", level: 1 },
];

/** Those that the signed-in user may open; the server refuses the others in any case. */
export const screens = (): Screen[] => SCREENS.filter(({ level }) => session.level >= level);

/** Whether `path` is the screen at `to`, or one below it. */
export function isAt(to: string, path: string): boolean {
  if (to === "/") return ["/", "/dashboard", "/login"].includes(path);
  return path === to || path.startsWith(`${to}/`);
}
