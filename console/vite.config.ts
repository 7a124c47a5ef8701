import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const TEXT = /\.(html|js|css|svg|json|txt|webmanifest)$/;

/** Writes `.br` and `.gz` beside each text file, so that the server compresses nothing while it runs. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    closeBundle() {
      const folder = join(import.meta.dirname, "dist");
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        // The server writes the session into index.html, so it compresses that page itself or not at all.
        if (!entry.isFile() || !TEXT.test(entry.name) || entry.name === "index.html") continue;
        const file = join(entry.parentPath, entry.name);
        const bytes = readFileSync(file);
        writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
        writeFileSync(
          `${file}.br`,
          brotliCompressSync(bytes, {
            params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
          }),
        );
      }
    },
  };
}

const server = process.env.WAYLEAVE_URL ?? "http://127.0.0.1:8080";
const ours = [
  "/api",
  "/oauth2",
  "/.well-known",
  "/login",
  "/logout",
  "/signed-out",
  "/register",
  "/setup",
  "/pages",
  "/problems",
];

export default defineConfig({
  plugins: [react(), tailwindcss(), compressed()],
  resolve: { alias: { "#": join(import.meta.dirname, "src") } },
  build: {
    target: ["chrome123", "firefox125", "safari17.5"],
    cssTarget: ["chrome123", "firefox125", "safari17.5"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { port: 5173, strictPort: true, proxy: Object.fromEntries(ours.map((path) => [path, { target: server }])) },
  test: { include: ["src/**/*.test.{ts,tsx}"], environment: "node" },
});
