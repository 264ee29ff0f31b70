import { expect, it } from "vitest";
import { device } from "./device";

it("a session is named by what people call their browser", () => {
  const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
  expect(device(chrome)).toBe("Chrome · Linux");
  expect(device(`${chrome} Edg/140.0`)).toBe("Edge · Linux");
  expect(device("curl/8.5.0")).toBe("curl/8.5.0");
  expect(device(null)).toBe("");
});
