/** What the map is drawn in: MapLibre knows no CSS variables, so `app.css` is repeated here. */
export const COLORS = {
  light: {
    sea: "#d3dfea",
    land: "#f4f3ee",
    border: "#a9b3bd",
    free: "#007a5a",
    busy: "#a85a00",
    away: "#8a4b8a",
    off: "#66717e",
    alarm: "#b3261e",
    task: "#0b5cad",
    ring: "#ffffff",
    text: "#ffffff",
    group: "#3a4756",
  },
  dark: {
    sea: "#0b1118",
    land: "#1a212b",
    border: "#3a4655",
    free: "#2fc99a",
    busy: "#f0a93a",
    away: "#d18fd1",
    off: "#8d99a8",
    alarm: "#ff8a7d",
    task: "#7db7f5",
    ring: "#10141a",
    text: "#10141a",
    group: "#c3ccd8",
  },
};

export type Colors = (typeof COLORS)["light"];
