import { beforeEach, expect, it, vi } from "vitest";

type Handler = (event: unknown) => void;
const map = {
  handlers: new Map<string, Handler>(),
  data: new Map<string, { setData: (data: unknown) => void }>(),
  drawn: new Map<string, unknown>(),
  centre: { lat: 10, lng: -372.87 },
  jumps: [] as unknown[],
  bounds: [] as unknown[],
};

vi.mock("maplibre-gl", () => {
  class Nothing {}
  class FakeMap {
    on(name: string, handler: Handler) {
      map.handlers.set(name, handler);
    }
    getCenter = () => map.centre;
    getBounds = () => ({ contains: ([lng]: [number, number]) => lng >= -400 && lng <= -320 });
    jumpTo = (to: unknown) => map.jumps.push(to);
    fitBounds = (to: unknown) => map.bounds.push(to);
    getSource = (name: string) => ({ setData: (data: unknown) => map.drawn.set(name, data) });
    addControl() {}
    setMissingStyleImageResolver() {}
    remove() {}
  }
  return {
    AttributionControl: Nothing,
    Map: FakeMap,
    NavigationControl: Nothing,
    ScaleControl: Nothing,
    setWorkerUrl: () => {},
  };
});
vi.mock("maplibre-gl/dist/maplibre-gl.css", () => ({}));
vi.mock("maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url", () => ({ default: "" }));

beforeEach(() => {
  vi.stubGlobal("document", { hidden: false, addEventListener() {}, removeEventListener() {} });
  vi.stubGlobal("fetch", () => Promise.reject(new Error("no network")));
});

const open = async (picked?: (place: unknown) => void) => {
  const { Atlas } = await import("./atlas");
  const atlas = new Atlas({} as HTMLElement, false, { ...(picked && { picked }), task() {}, officer() {} });
  return atlas;
};

it("gives places of the Earth, whichever copy of it was touched", async () => {
  const places: { lat: number; lng: number }[] = [];
  const atlas = await open((place) => places.push(place as { lat: number; lng: number }));
  for (let lng = -540; lng <= 540; lng += 7.5) map.handlers.get("click")!({ lngLat: { lat: 5, lng } });
  expect(places.length).toBe(145);
  expect(places.every(({ lng }) => lng >= -180 && lng <= 180)).toBe(true);
  expect(atlas.centre().lng).toBeCloseTo(-12.87, 6);
});

it("finds what must be in sight in the copy that is shown", async () => {
  const atlas = await open();
  map.jumps.length = 0;
  atlas.aim({ lat: 1, lng: 0 }); // The copy at -360 is in sight.
  expect(map.jumps).toEqual([]);
  atlas.aim({ lat: 1, lng: 500 });
  expect(map.jumps).toEqual([{ center: [140, 1] }]);
});

it("draws a track over the antimeridian in two parts, and looks at both", async () => {
  const atlas = await open();
  map.handlers.get("style.load")!({});
  const track: [number, number][] = [
    [179.9, 1],
    [-179.9, 1],
  ];
  atlas.show({ officers: [], tasks: [], track });
  const drawn = map.drawn.get("track") as { geometry: { coordinates: [number, number][][] } };
  expect(drawn.geometry.coordinates.map((part) => part.map(([lng]) => lng))).toEqual([
    [179.9, 180],
    [-180, -179.9],
  ]);
  const [[west], [east]] = map.bounds.at(-1) as [[number], [number]];
  expect(east - west).toBeCloseTo(0.2, 6);
});
