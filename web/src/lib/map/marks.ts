import type { Colors } from "./colors";

const RATIO = 2; // Pixels of the picture to one of the screen.

function sizeOf(kind: string, text: string): number {
  if (kind === "group") return 30 + 4 * text.length;
  if (kind === "pin") return 30;
  return kind.startsWith("task") ? 20 : 16;
}

function fillOf(kind: string, colors: Colors): string {
  const fills: Record<string, string> = {
    disponible: colors.free,
    en_tarea: colors.busy,
    no_disponible: colors.away,
    fuera_servicio: colors.off,
    group: colors.group,
    task: colors.task,
    taskalarm: colors.alarm,
    pin: colors.alarm,
  };
  return fills[kind] ?? colors.off;
}

/** A mark as a picture; drawn here, since a sprite would be one more request, and glyphs many.
 * Shapes are those of the lists: a mark is told by its shape where colours look alike. */
export function picture(name: string, colors: Colors): { data: ImageData; pixelRatio: number } | null {
  const [kind = "", text = ""] = name.split(/-(.*)/);
  const size = sizeOf(kind, text) * RATIO;
  const pen = new OffscreenCanvas(size, size).getContext("2d", { willReadFrequently: true });
  if (!pen) return null;
  const half = size / 2;
  const edge = 2 * RATIO;
  pen.lineWidth = edge;
  pen.strokeStyle = colors.ring;
  pen.fillStyle = fillOf(kind, colors);
  pen.beginPath();
  if (kind === "en_tarea") {
    pen.moveTo(half, edge);
    pen.lineTo(size - edge, size - edge);
    pen.lineTo(edge, size - edge);
    pen.closePath();
  } else if (kind === "no_disponible" || kind.startsWith("task")) {
    pen.moveTo(half, edge);
    pen.lineTo(size - edge, half);
    pen.lineTo(half, size - edge);
    pen.lineTo(edge, half);
    pen.closePath();
  } else if (kind === "fuera_servicio") pen.rect(edge, edge, size - 2 * edge, size - 2 * edge);
  else pen.arc(half, half, half - edge, 0, 2 * Math.PI);
  pen.fill();
  pen.stroke();
  const letter = kind === "group" ? text : kind === "taskalarm" || kind === "pin" ? "!" : "";
  if (letter) {
    pen.fillStyle = colors.text;
    pen.font = `600 ${12 * RATIO}px "Inter Variable", sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(letter, half, half + RATIO / 2);
  }
  return { data: pen.getImageData(0, 0, size, size), pixelRatio: RATIO };
}
