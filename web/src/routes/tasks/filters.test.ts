import { expect, it } from "vitest";
import { asked } from "./filters";

it("the last day of a choice is within it", () => {
  const { desde, hasta, q } = asked({ desde: "2026-11-25", hasta: "2026-11-25", q: "plaza" });
  expect(Date.parse(hasta!) - Date.parse(desde!)).toBe(86_400_000);
  expect(q).toBe("plaza");
});

it("what is no day is not asked for", () => {
  expect(asked({ desde: "ayer" }).desde).toBeUndefined();
  expect(asked({})).toEqual({ desde: undefined, hasta: undefined });
});
