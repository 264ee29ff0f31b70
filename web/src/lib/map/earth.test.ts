import fc from "fast-check";
import { expect, it } from "vitest";
import { boxes, placed, split, together, wrap, type Lngs } from "./earth";

const longitude = fc.integer({ min: -5400, max: 5400 }).map((tenth) => tenth / 10);
const within = (lng: number) => lng >= -180 && lng <= 180;
const far = (a: number, b: number) => Math.min(Math.abs(a - b) % 360, 360 - (Math.abs(a - b) % 360));

it("brings every longitude of the map to the Earth, at the same place", () => {
  fc.assert(
    fc.property(longitude, (lng) => {
      expect(within(wrap(lng))).toBe(true);
      expect(far(wrap(lng), lng)).toBeCloseTo(0, 6);
      expect(placed({ lat: 95, lng })).toEqual({ lat: 90, lng: wrap(lng) });
    }),
  );
  expect([-540, -372.87, -180, -179.5, 0, 180, 180.5, 540].map(wrap)).toEqual([
    -180,
    expect.closeTo(-12.87, 6),
    -180,
    -179.5,
    0,
    180,
    -179.5,
    180,
  ]);
});

it("draws lines the short way, in parts where they cross the antimeridian", () => {
  expect(
    split([
      [179, 10],
      [-179, 12],
      [-178, 12],
    ]),
  ).toEqual([
    [
      [179, 10],
      [180, 11],
    ],
    [
      [-180, 11],
      [-179, 12],
      [-178, 12],
    ],
  ]);
  fc.assert(
    fc.property(fc.array(fc.tuple(longitude, fc.constant(1)), { maxLength: 12 }), (line) => {
      const parts = split(line as Lngs[]);
      for (const part of parts) {
        for (const [index, [lng]] of part.entries()) {
          expect(within(lng)).toBe(true);
          if (index) expect(Math.abs(lng - part[index - 1]![0])).toBeLessThanOrEqual(180);
        }
      }
    }),
  );
});

it("keeps places on both sides of the antimeridian next to each other", () => {
  expect(together([179, -179])).toEqual([179, 181]);
  expect(together([-58, -62])).toEqual([-58, -62]);
  fc.assert(
    fc.property(longitude, longitude, (a, b) => {
      const [one, other] = together([a, b]);
      expect(Math.abs(one! - other!)).toBeCloseTo(far(a, b), 6);
    }),
  );
});

it("cuts what is seen at the antimeridian", () => {
  expect(boxes([170, -10, 190, 10])).toEqual([
    [170, -10, 180, 10],
    [-180, -10, -170, 10],
  ]);
  expect(boxes([-420, -10, -380, 10])).toEqual([[-60, -10, -20, 10]]);
  expect(boxes([-400, -85, 400, 85])).toEqual([[-180, -85, 180, 85]]);
});
