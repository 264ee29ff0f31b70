import { expect, it } from "vitest";
import { asked, file, last } from "./period";

const now = new Date(2026, 2, 1, 23, 30);

it("days are those of the calendar, over the ends of months", () => {
  expect(last(7, now)).toEqual({ desde: "2026-02-23", hasta: "2026-03-01" });
});

it("an address without a period is of the last week, and one with an end alone never begins after it", () => {
  expect(asked(new URLSearchParams(), now)).toEqual({ desde: "2026-02-23", hasta: "2026-03-01", unidad: "" });
  expect(asked(new URLSearchParams("hasta=2026-01-05&unidad=Norte"), now)).toEqual({
    desde: "2026-01-05",
    hasta: "2026-01-05",
    unidad: "Norte",
  });
});

it("a file is of the same period and unit", () => {
  const period = { desde: "2026-01-01", hasta: "2026-01-31", unidad: "Zona & Sur" };
  expect(file(period, { formato: "csv" })).toBe(
    "/api/v1/reports/export?desde=2026-01-01&hasta=2026-01-31&formato=csv&unidad=Zona+%26+Sur",
  );
});
