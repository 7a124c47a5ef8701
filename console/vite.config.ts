import { join } from "node:path";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { compressed } from "./build/compressed";
import { licences } from "./build/licences";

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
  plugins: [react(), tailwindcss(), licences(), compressed()],
  resolve: { alias: { "#": join(import.meta.dirname, "src") } },
  build: {
    target: ["chrome123", "firefox125", "safari17.5"],
    cssTarget: ["chrome123", "firefox125", "safari17.5"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    port: 5173,
    strictPort: true,
    watch: { ignored: ["**/e2e/**", "**/dist/**"] },
    // To the server these are its own pages.
    proxy: Object.fromEntries(
      ours.map((path) => [`^${path}(?:[/?]|$)`, { target: server, headers: { Origin: server } }]),
    ),
  },
  test: { include: ["src/**/*.test.{ts,tsx}"], environment: "node" },
});
