import { expect, it, vi } from "vitest";
import { features, pages } from "./client";

const OFFICERS = 545;
const all = Array.from({ length: OFFICERS }, (_, index) => ({ id: index + 1 }));

/** An office that gives at most 500 of anything. */
function office(): string[] {
  const asked: string[] = [];
  vi.stubGlobal("location", { origin: "https://office.example" });
  vi.stubGlobal("fetch", (url: URL) => {
    asked.push(url.search);
    const after = Number(url.searchParams.get("cursor") ?? 0);
    const part = all.filter(({ id }) => id > after).slice(0, 500);
    const siguiente = after + part.length < OFFICERS ? part.at(-1)?.id : null;
    const body = url.pathname.endsWith(".geojson") ? { features: part, truncado: siguiente !== null, siguiente } : part;
    const headers: Record<string, string> = part.length === 500 ? { "x-next-cursor": String(part.at(-1)?.id) } : {};
    return Promise.resolve(new Response(JSON.stringify(body), { headers }));
  });
  return asked;
}

it("reads the positions of an office that is larger than one answer to their end", async () => {
  const asked = office();
  expect(await features("/api/v1/geo/efectivos.geojson", { bbox: "-180,-90,180,90" })).toEqual(all);
  expect(asked).toHaveLength(2);
});

it("reads lists to their end", async () => {
  office();
  expect(await pages("/api/v1/efectivos", {})).toEqual(all);
});
