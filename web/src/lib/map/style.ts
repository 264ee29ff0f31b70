import type { ExpressionSpecification, LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";
import type { Colors } from "./colors";

/** Features, before they are there. */
export const NOTHING = { type: "FeatureCollection" as const, features: [] };

const mark = (icon: ExpressionSpecification) => ({ "icon-image": icon, "icon-allow-overlap": true });

/** What is ours on any map. */
function sources(): Record<string, SourceSpecification> {
  return {
    cells: { type: "geojson", data: NOTHING },
    track: { type: "geojson", data: NOTHING },
    circles: { type: "geojson", data: NOTHING },
    officers: { type: "geojson", data: NOTHING, cluster: true, clusterRadius: 36, clusterMaxZoom: 13 },
    tasks: { type: "geojson", data: NOTHING },
  };
}

function layers(colors: Colors): LayerSpecification[] {
  return [
    {
      id: "cells",
      type: "fill",
      source: "cells",
      paint: { "fill-color": colors.alarm, "fill-opacity": ["get", "weight"] },
    },
    { id: "accuracy", type: "fill", source: "circles", paint: { "fill-color": colors.task, "fill-opacity": 0.15 } },
    { id: "accuracy-edge", type: "line", source: "circles", paint: { "line-color": colors.task, "line-width": 2 } },
    {
      id: "track",
      type: "line",
      source: "track",
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": colors.task, "line-width": 3 },
    },
    {
      id: "groups",
      type: "symbol",
      source: "officers",
      filter: ["has", "point_count"],
      layout: mark(["concat", "group-", ["get", "point_count_abbreviated"]]),
    },
    {
      id: "officers",
      type: "symbol",
      source: "officers",
      filter: ["!", ["has", "point_count"]],
      layout: mark(["get", "icon"]),
    },
    // Last, so that nobody stands over an emergency.
    { id: "tasks", type: "symbol", source: "tasks", layout: mark(["get", "icon"]) },
  ];
}

/** The map of the binary: outlines of countries, and what is ours over them. */
export function own(colors: Colors): StyleSpecification {
  return {
    version: 8,
    sources: { world: { type: "geojson", data: NOTHING }, ...sources() },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": colors.sea } },
      { id: "land", type: "fill", source: "world", paint: { "fill-color": colors.land } },
      { id: "borders", type: "line", source: "world", paint: { "line-color": colors.border, "line-width": 1 } },
      ...layers(colors),
    ],
  };
}

/** A style that the office names, and what is ours over it. */
export function over(base: StyleSpecification, colors: Colors): StyleSpecification {
  return { ...base, sources: { ...base.sources, ...sources() }, layers: [...base.layers, ...layers(colors)] };
}
