/** Longitude first, as GeoJSON has it. */
export type Lngs = [number, number];
/** Degrees: west, south, east, north. */
export type Box = readonly [number, number, number, number];

/** A longitude within -180 to 180: a map shows the Earth several times side by side, and counts on. */
export function wrap(lng: number): number {
  if (lng >= -180 && lng <= 180) return lng;
  const within = ((((lng + 180) % 360) + 360) % 360) - 180;
  return within === -180 && lng > 0 ? 180 : within;
}

/** A place of the map as a place of the Earth. */
export const placed = ({ lat, lng }: { lat: number; lng: number }): { lat: number; lng: number } => ({
  lat: Math.min(90, Math.max(-90, lat)),
  lng: wrap(lng),
});

/** Parts of a line, none of which crosses the antimeridian: each step takes the short way around the Earth
 * (RFC 7946 §3.1.9). */
export function split(line: readonly Lngs[]): Lngs[][] {
  const parts: Lngs[][] = [];
  let part: Lngs[] = [];
  for (const [given, lat] of line) {
    const here: Lngs = [wrap(given), lat];
    const before = part.at(-1);
    if (before && Math.abs(here[0] - before[0]) > 180) {
      const edge = before[0] > 0 ? 180 : -180;
      const span = here[0] + 2 * edge - before[0];
      const at = before[1] + (span === 0 ? 0 : (here[1] - before[1]) * ((edge - before[0]) / span));
      part.push([edge, at]);
      parts.push(part);
      part = [[-edge, at]];
    }
    part.push(here);
  }
  if (part.length) parts.push(part);
  return parts.filter((part) => part.length > 1);
}

/** The same longitudes next to each other, past 180 where they lie on both sides of the antimeridian: for
 * bounds and outlines, which span the world otherwise. */
export function together(lngs: readonly number[]): number[] {
  const wrapped = lngs.map(wrap);
  const east = wrapped.map((lng) => (lng < 0 ? lng + 360 : lng));
  return width(east) < width(wrapped) ? east : wrapped;
}

/** By reduction: `Math.max` takes only so many arguments. */
function width(lngs: number[]): number {
  const [west, east] = lngs.reduce(([west, east], lng) => [Math.min(west, lng), Math.max(east, lng)], [360, -180]);
  return (east ?? 0) - (west ?? 0);
}

/** Parts of what is seen, none of which crosses the antimeridian. */
export function boxes([west, south, east, north]: Box): Box[] {
  if (east - west >= 360) return [[-180, south, 180, north]];
  const [from, to] = [wrap(west), wrap(east)];
  if (from <= to) return [[from, south, to, north]];
  return [
    [from, south, 180, north],
    [-180, south, to, north],
  ];
}
