import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";

const DIST = "dist";

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesUnder(path) : [path];
  });
}

/** Leaves `dist` itself there, which the binary embeds, and beside each file its compressed ones. */
function embeddable(): Plugin {
  return {
    name: "embeddable",
    apply: "build",
    buildStart() {
      for (const name of readdirSync(DIST)) if (name !== ".gitignore") rmSync(join(DIST, name), { recursive: true });
    },
    closeBundle() {
      for (const file of filesUnder(DIST).filter((file) => /\.(js|mjs|css|html|svg|json)$/.test(file))) {
        const bytes = readFileSync(file);
        const params = { [constants.BROTLI_PARAM_QUALITY]: bytes.length > 2_000_000 ? 9 : 11 };
        writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
        writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  plugins: [svelte(), embeddable()],
  build: {
    outDir: DIST,
    emptyOutDir: false,
    target: "es2022",
    // The policy of our pages forbids data: but for pictures, and nothing may be inlined as one.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
  },
  test: { include: ["src/**/*.test.ts", "tests/unit/**/*.test.ts"] },
} as Parameters<typeof defineConfig>[0]);
