import { config } from "../config";
import {
  AttributionControl,
  Map as MapLibre,
  NavigationControl,
  ScaleControl,
  setWorkerUrl,
  type GeoJSONSource,
  type StyleSpecification,
} from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { COLORS, type Colors } from "./colors";
import { boxes, placed, split, together, wrap } from "./earth";
import { Land } from "./land";
import { picture } from "./marks";
import { own, over } from "./style";

setWorkerUrl(workerUrl);

/** Something to be marked. */
export interface Dot {
  id: number;
  lat: number;
  lng: number;
  icon: string;
}

/** How exact a position is. */
export interface Circle {
  lat: number;
  lng: number;
  /** Metres. */
  radius: number;
}

/** How many tasks lie where, as the office's reports have it. */
export interface Cells {
  type: "FeatureCollection";
  features: {
    type: "Feature";
    geometry: { type: "Polygon"; coordinates: [number, number][][] };
    properties: { tareas: number; emergencias: number };
  }[];
}

/** What is drawn. */
export interface Drawing {
  officers: Dot[];
  tasks: Dot[];
  /** Places in the order of their time, longitude first. */
  track?: [number, number][];
  cells?: Cells | null;
  circles?: Circle[];
}

/** What the reader did. */
export interface Events {
  /** Where a place is asked for; elsewhere a touch opens what is there. */
  picked?: (place: { lat: number; lng: number }) => void;
  task: (id: number) => void;
  officer: (id: number) => void;
}

/** What is seen while nobody is anywhere: the part of the world that this was made for. */
const CENTRE: [number, number] = [-62, -28];
const FAR = 3;

/** From this zoom on coarse outlines show their corners. */
const CLOSE = 5;

let fetched: Promise<Land> | undefined;
const land = (): Promise<Land> =>
  (fetched ??= Land.fetch().catch((error: unknown) => {
    fetched = undefined; // The next map tries again.
    throw error;
  }));
/** Without land people are still where they are. */
const seaOnly = () => {};

/** The style that the office names, if it names one and it can be had. */
const abroad = async (): Promise<StyleSpecification | null> => {
  try {
    const { map_style_url: url } = await config();
    return url ? ((await (await fetch(url)).json()) as StyleSpecification) : null;
  } catch {
    return null; // The outlines of countries are always there.
  }
};
let base: ReturnType<typeof abroad> | undefined;

const points = (dots: Dot[]) => ({
  type: "FeatureCollection" as const,
  features: dots.map(({ id, lat, lng, icon }) => ({
    type: "Feature" as const,
    id,
    properties: { id, icon },
    geometry: { type: "Point" as const, coordinates: [wrap(lng), lat] },
  })),
});

const line = (track: [number, number][]) => ({
  type: "Feature" as const,
  properties: {},
  geometry: { type: "MultiLineString" as const, coordinates: split(track) },
});

const CORNERS = 48;
const METRES_PER_DEGREE = 111_320; // Of latitude.

/** Circles as polygons; a map draws circles in pixels only. */
const rounds = (circles: Circle[]): GeoJSON.FeatureCollection => ({
  type: "FeatureCollection",
  features: circles.map(({ lat, lng, radius }) => {
    const [high, wide] = [radius / METRES_PER_DEGREE, radius / (METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180))];
    const ring = Array.from({ length: CORNERS + 1 }, (_, corner): [number, number] => {
      const angle = (2 * Math.PI * (corner % CORNERS)) / CORNERS;
      return [lng + wide * Math.cos(angle), lat + high * Math.sin(angle)];
    });
    return { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } };
  }),
});

/** Cells with how strongly each is drawn: by the root of its share, or one full cell hides all others. */
function weighed({ features }: Cells): GeoJSON.FeatureCollection {
  const most = Math.max(1, ...features.map(({ properties }) => properties.tareas));
  const weight = (tasks: number) => 0.15 + 0.7 * Math.sqrt(tasks / most);
  return {
    type: "FeatureCollection",
    features: features.map((cell) => ({ ...cell, properties: { weight: weight(cell.properties.tareas) } })),
  };
}

/** The map; it is told what to draw, and tells where it was touched. */
export class Atlas {
  private readonly map: MapLibre;
  private drawing: Drawing = { officers: [], tasks: [] };
  private colors: Colors;
  private base: StyleSpecification | null = null;
  private isReady = false;
  private isPlaced = false;
  /** The way that was last shown whole: it comes after the map, and another one with another day. */
  private way: [number, number][] = [];
  /** What each source was given last. */
  private readonly drawn = new Map<string, unknown>();
  /** Nobody looks: what came meanwhile is drawn when somebody does. */
  private readonly seen = () => document.hidden || this.show(this.drawing);

  constructor(container: HTMLElement, isDark: boolean, events: Events) {
    this.colors = isDark ? COLORS.dark : COLORS.light;
    this.map = new MapLibre({
      container,
      style: own(this.colors),
      center: CENTRE,
      zoom: FAR,
      attributionControl: false,
      maxZoom: 18,
      fadeDuration: 0,
    });
    this.map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    this.map.addControl(new ScaleControl(), "bottom-left");
    this.map.on("style.load", () => this.dress());
    this.map.setMissingStyleImageResolver((id) => {
      const drawn = picture(id, this.colors);
      if (drawn && !this.map.hasImage(id)) this.map.addImage(id, drawn.data, { pixelRatio: drawn.pixelRatio });
    });
    this.map.on("click", (event) => {
      // Where a place is asked for, one may be touched where somebody stands already.
      if (events.picked) return void events.picked(placed(event.lngLat));
      const [hit] = this.map.queryRenderedFeatures(event.point, { layers: ["groups", "officers", "tasks"] });
      const id = Number(hit?.properties.id);
      if (hit?.layer.id === "groups") this.map.easeTo({ center: event.lngLat, zoom: this.map.getZoom() + 2 });
      else if (hit?.layer.id === "officers") events.officer(id);
      else if (hit) events.task(id);
    });
    this.map.on("idle", () => void this.look().catch(seaOnly));
    document.addEventListener("visibilitychange", this.seen);
    base ??= abroad();
    void base.then((style) => style && this.spread(style));
  }

  show(drawing: Drawing): void {
    this.drawing = drawing;
    if (!this.isReady || document.hidden) return;
    const { officers, tasks, track, cells, circles } = drawing;
    this.renew("officers", officers, points);
    this.renew("tasks", tasks, points);
    this.renew("track", track, line);
    this.renew("cells", cells, weighed);
    this.renew("circles", circles, rounds);
    const isAnotherWay = !!track?.length && track !== this.way;
    if (isAnotherWay) this.way = track;
    if (!this.isPlaced || isAnotherWay) this.place();
  }

  /** Moves only if the place is not in sight. */
  aim({ lat, lng }: { lat: number; lng: number }): void {
    this.isPlaced = true;
    const bounds = this.map.getBounds();
    const copies = [-360, 0, 360].map((turn) => wrap(lng) + turn); // Of the Earth, side by side.
    if (!copies.some((copy) => bounds.contains([copy, lat]))) this.map.jumpTo({ center: [wrap(lng), lat] });
  }

  dark(isDark: boolean): void {
    this.colors = isDark ? COLORS.dark : COLORS.light;
    this.restyle();
  }

  centre(): { lat: number; lng: number } {
    return placed(this.map.getCenter());
  }

  remove(): void {
    document.removeEventListener("visibilitychange", this.seen);
    this.map.remove();
  }

  /** Draws a source unless it was given the same before: tiles of what stands still are left alone. */
  private renew<T>(source: string, given: T | null | undefined, shape: (given: T) => GeoJSON.GeoJSON): void {
    if (!given || this.drawn.get(source) === given) return;
    this.drawn.set(source, given);
    this.draw(source, shape(given));
  }

  private draw(source: string, data: GeoJSON.GeoJSON): void {
    (this.map.getSource(source) as GeoJSONSource | undefined)?.setData(data);
  }

  private spread(style: StyleSpecification): void {
    this.base = style;
    this.map.addControl(new AttributionControl({ compact: true })); // Whose map it is must be said.
    this.restyle();
  }

  private restyle(): void {
    this.isReady = false;
    this.map.setStyle(this.base ? over(this.base, this.colors) : own(this.colors), { diff: false });
  }

  private dress(): void {
    this.isReady = true;
    this.drawn.clear();
    this.show(this.drawing);
    if (this.base) return;
    void land().then((known) => this.draw("world", known.features), seaOnly);
  }

  /** Draws land finely where the reader looks; people and tasks are drawn before. */
  private async look(): Promise<void> {
    if (this.base || this.map.getZoom() < CLOSE) return;
    const bounds = this.map.getBounds();
    const known = await land();
    const seen = boxes([bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()]);
    let isNew = false;
    for (const box of seen) isNew = (await known.look(box)) || isNew;
    if (isNew && !this.base) this.draw("world", known.features);
  }

  /** Where most of it is, once and when another way is shown; else the map is the reader's. */
  private place(): void {
    const { officers, tasks, track = [], cells } = this.drawing;
    const corners = (cells?.features ?? []).map(({ geometry }) => geometry.coordinates[0]?.[0] ?? CENTRE);
    const places = [...[...officers, ...tasks].map(({ lng, lat }) => [lng, lat] as const), ...track, ...corners];
    const [first] = places;
    if (!first) return;
    this.isPlaced = true;
    if (places.length === 1) return void this.map.jumpTo({ center: [wrap(first[0]), first[1]], zoom: 13 });
    const lngs = together(places.map(([lng]) => lng)).sort((a, b) => a - b);
    const lats = places.map(([, lat]) => lat).sort((a, b) => a - b);
    const at = (values: number[], share: number) => values[Math.round((values.length - 1) * share)] ?? 0;
    this.map.fitBounds(
      [
        [at(lngs, 0.02), at(lats, 0.02)],
        [at(lngs, 0.98), at(lats, 0.98)],
      ],
      { padding: 40, animate: false, maxZoom: 14 },
    );
  }
}
