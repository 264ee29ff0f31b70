import {
  Map as MapLibre,
  NavigationControl,
  ScaleControl,
  setWorkerUrl,
  type GeoJSONSource,
  type StyleSpecification,
} from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import worldUrl from "world-atlas/countries-10m.json?url";

setWorkerUrl(workerUrl);

export interface Dot {
  id: number;
  lat: number;
  lng: number;
  icon: string;
}

const COLORS = {
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
type Colors = (typeof COLORS)["light"];

const world = async () => {
  const topology = (await (await fetch(worldUrl)).json()) as Topology<{ countries: GeometryCollection }>;
  return feature(topology, topology.objects.countries);
};
let land: ReturnType<typeof world> | undefined;

function style(colors: Colors): StyleSpecification {
  const nothing = { type: "FeatureCollection" as const, features: [] };
  return {
    version: 8,
    sources: {
      world: { type: "geojson", data: nothing },
      officers: { type: "geojson", data: nothing, cluster: true, clusterRadius: 36, clusterMaxZoom: 13 },
      tasks: { type: "geojson", data: nothing },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": colors.sea } },
      { id: "land", type: "fill", source: "world", paint: { "fill-color": colors.land } },
      { id: "borders", type: "line", source: "world", paint: { "line-color": colors.border, "line-width": 1 } },
      {
        id: "tasks",
        type: "symbol",
        source: "tasks",
        layout: { "icon-image": ["get", "icon"], "icon-allow-overlap": true },
      },
      {
        id: "groups",
        type: "symbol",
        source: "officers",
        filter: ["has", "point_count"],
        layout: { "icon-image": ["concat", "group-", ["get", "point_count_abbreviated"]], "icon-allow-overlap": true },
      },
      {
        id: "officers",
        type: "symbol",
        source: "officers",
        filter: ["!", ["has", "point_count"]],
        layout: { "icon-image": ["get", "icon"], "icon-allow-overlap": true },
      },
    ],
  };
}

/** A mark as a picture; drawn here, since a sprite would be one more request, and glyphs many. */
function picture(name: string, colors: Colors): { data: ImageData; pixelRatio: number } | null {
  const ratio = 2;
  const [kind = "", text = ""] = name.split(/-(.*)/);
  const size =
    (kind === "group" ? 30 + 4 * text.length : kind === "pin" ? 30 : kind.startsWith("task") ? 20 : 16) * ratio;
  const canvas = new OffscreenCanvas(size, size);
  const pen = canvas.getContext("2d");
  if (!pen) return null;
  const half = size / 2;
  const edge = 2 * ratio;
  pen.lineWidth = edge;
  pen.strokeStyle = colors.ring;
  pen.beginPath();
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
  pen.fillStyle = fills[kind] ?? colors.off;
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
    pen.font = `600 ${12 * ratio}px "Inter Variable", sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(letter, half, half + ratio / 2);
  }
  return { data: pen.getImageData(0, 0, size, size), pixelRatio: ratio };
}

const points = (dots: Dot[]) => ({
  type: "FeatureCollection" as const,
  features: dots.map(({ id, lat, lng, icon }) => ({
    type: "Feature" as const,
    id,
    properties: { id, icon },
    geometry: { type: "Point" as const, coordinates: [lng, lat] },
  })),
});

export interface Events {
  picked: (place: { lat: number; lng: number }) => void;
  task: (id: number) => void;
}

/** The map; it is told what to draw, and tells where it was touched. */
export class Atlas {
  private readonly map: MapLibre;
  private dots: { officers: Dot[]; tasks: Dot[] } = { officers: [], tasks: [] };
  private colors: Colors;
  private isReady = false;
  private isPlaced = false;

  constructor(container: HTMLElement, isDark: boolean, events: Events) {
    this.colors = isDark ? COLORS.dark : COLORS.light;
    this.map = new MapLibre({
      container,
      style: style(this.colors),
      center: [-58.42, -34.61],
      zoom: 10.5,
      attributionControl: false,
      maxZoom: 18,
      fadeDuration: 0,
    });
    this.map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    this.map.addControl(new ScaleControl(), "bottom-left");
    this.map.on("style.load", () => this.dress());
    this.map.on("styleimagemissing", ({ id }) => {
      const drawn = picture(id, this.colors);
      if (drawn && !this.map.hasImage(id)) this.map.addImage(id, drawn.data, { pixelRatio: drawn.pixelRatio });
    });
    this.map.on("click", (event) => {
      const [hit] = this.map.queryRenderedFeatures(event.point, { layers: ["groups", "tasks"] });
      if (hit?.layer.id === "groups") this.map.easeTo({ center: event.lngLat, zoom: this.map.getZoom() + 2 });
      else if (hit && hit.properties.icon !== "pin") events.task(Number(hit.properties.id));
      else events.picked({ lat: event.lngLat.lat, lng: event.lngLat.lng });
    });
  }

  show(officers: Dot[], tasks: Dot[]): void {
    this.dots = { officers, tasks };
    if (!this.isReady) return;
    (this.map.getSource("officers") as GeoJSONSource | undefined)?.setData(points(officers));
    (this.map.getSource("tasks") as GeoJSONSource | undefined)?.setData(points(tasks));
    this.place([...officers, ...tasks]);
  }

  dark(isDark: boolean): void {
    this.colors = isDark ? COLORS.dark : COLORS.light;
    this.isReady = false;
    this.map.setStyle(style(this.colors), { diff: false });
  }

  centre(): { lat: number; lng: number } {
    return this.map.getCenter();
  }

  remove(): void {
    this.map.remove();
  }

  private dress(): void {
    this.isReady = true;
    this.show(this.dots.officers, this.dots.tasks);
    land ??= world();
    void land.then((data) => (this.map.getSource("world") as GeoJSONSource | undefined)?.setData(data));
  }

  /** Once, where everybody is; after that the map is the reader's. */
  private place(dots: Dot[]): void {
    if (this.isPlaced || !dots.length) return;
    this.isPlaced = true;
    if (dots.length === 1) return void this.map.jumpTo({ center: [dots[0]!.lng, dots[0]!.lat], zoom: 13 });
    const sorted = (values: number[]) => values.sort((a, b) => a - b);
    const lats = sorted(dots.map(({ lat }) => lat));
    const lngs = sorted(dots.map(({ lng }) => lng));
    const at = (values: number[], share: number) => values[Math.floor((values.length - 1) * share)]!;
    this.map.fitBounds(
      [
        [at(lngs, 0.02), at(lats, 0.02)],
        [at(lngs, 0.98), at(lats, 0.98)],
      ],
      { padding: 40, animate: false, maxZoom: 14 },
    );
  }
}
