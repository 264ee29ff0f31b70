import { expect, it } from "vitest";
import { before, dayIn } from "./day";

it("an evening and a night are of the office's day, on both sides of UTC", () => {
  const cases = [
    ["America/Argentina/Buenos_Aires", "2026-12-01T02:30:00Z", "2026-11-30"], // 23:30
    ["America/Argentina/Buenos_Aires", "2026-12-01T03:30:00Z", "2026-12-01"], // 00:30
    ["Asia/Tokyo", "2026-11-30T14:30:00Z", "2026-11-30"],
    ["Asia/Tokyo", "2026-11-30T15:30:00Z", "2026-12-01"],
  ] as const;
  for (const [zone, at, day] of cases) expect(dayIn(zone, new Date(at)), `${zone} ${at}`).toBe(day);
});

it("days are counted over the ends of months", () => {
  expect(before("2026-03-01", 1)).toBe("2026-02-28");
  expect(before("2026-03-01", 0)).toBe("2026-03-01");
});
