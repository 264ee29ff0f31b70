import { expect, it } from "vitest";
import { asked } from "./filters";

it("days go to the server as days, which takes them by the office's clocks", () => {
  const choice = { desde: "2026-11-25", hasta: "2026-11-25", q: "plaza" };
  expect(asked(choice)).toEqual(choice);
});

it("what is no day is not asked for", () => {
  expect(asked({ desde: "ayer" }).desde).toBeUndefined();
  expect(asked({})).toEqual({ desde: undefined, hasta: undefined });
});
