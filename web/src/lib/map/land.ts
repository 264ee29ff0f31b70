import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import fineUrl from "world-atlas/countries-10m.json?url";
import coarseUrl from "world-atlas/countries-50m.json?url";
import type { Box } from "./earth";

type World = Topology<{ countries: GeometryCollection<{ name: string }> }>;
type Country = GeoJSON.Feature<GeoJSON.Geometry, { name: string }>;

/** Margin around what is seen, in degrees, in which land is drawn finely too. */
const MARGIN = 2;

const world = async (url: string): Promise<World> => (await (await fetch(url)).json()) as World;

function boxOf(ring: GeoJSON.Position[]): Box {
  let [west, south, east, north] = [180, 90, -180, -90];
  for (const [lng = 0, lat = 0] of ring) {
    west = Math.min(west, lng);
    south = Math.min(south, lat);
    east = Math.max(east, lng);
    north = Math.max(north, lat);
  }
  return [west, south, east, north];
}

/** Boxes around each polygon by itself: one around all of them would span the world for those who
 * have islands on both sides of the antimeridian. */
function boxesOf({ geometry }: Country): Box[] {
  if (geometry.type === "Polygon") return geometry.coordinates.slice(0, 1).map(boxOf);
  if (geometry.type === "MultiPolygon") return geometry.coordinates.flatMap((rings) => rings.slice(0, 1).map(boxOf));
  return [];
}

const meets = (a: Box, b: Box): boolean => a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];

/** Outlines of countries: coarse ones, and fine ones where somebody looks. All fine ones at once
 * would hold the page up for more than a second. */
export class Land {
  private readonly coarse: Country[];
  private readonly boxes: Map<string, Box[]>;
  private readonly fine = new Map<string, Country>();
  private details: Promise<World> | undefined;

  constructor(
    coarse: World,
    private readonly fetchDetails: () => Promise<World>,
  ) {
    this.coarse = feature(coarse, coarse.objects.countries).features as Country[];
    this.boxes = new Map(this.coarse.map((country) => [country.properties.name, boxesOf(country)]));
  }

  static async fetch(): Promise<Land> {
    return new Land(await world(coarseUrl), () => world(fineUrl));
  }

  /** As far as it is known. */
  get features(): GeoJSON.FeatureCollection {
    const best = (country: Country) => this.fine.get(country.properties.name) ?? country;
    return { type: "FeatureCollection", features: this.coarse.map(best) };
  }

  /** Fetches fine outlines of what lies in sight; whether there are new ones. */
  async look([west, south, east, north]: Box): Promise<boolean> {
    const seen: Box = [west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN];
    const names = [...this.boxes].filter(([, boxes]) => boxes.some((box) => meets(box, seen))).map(([name]) => name);
    const missing = new Set(names.filter((name) => !this.fine.has(name)));
    if (!missing.size) return false;
    this.details ??= this.fetchDetails().catch((error: unknown) => {
      this.details = undefined; // Whoever looks next tries again.
      throw error;
    });
    const details = await this.details;
    for (const geometry of details.objects.countries.geometries) {
      const { name } = geometry.properties as { name: string };
      if (missing.has(name)) this.fine.set(name, feature(details, geometry) as Country);
    }
    // Who has no fine outlines is not asked for again.
    for (const country of this.coarse) {
      const { name } = country.properties;
      if (missing.has(name) && !this.fine.has(name)) this.fine.set(name, country);
    }
    return true;
  }
}
