import { fileURLToPath } from "node:url";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const backend = process.env.WARMLINE_BACKEND ?? "http://127.0.0.1:8037";

export default defineConfig({
  root: here("."),
  base: "/desk/",
  plugins: [vue()],
  resolve: { alias: { "@shared": here("../shared"), "@": here("./src") } },
  build: { outDir: here("../dist/desk"), emptyOutDir: true, target: "es2022" },
  server: { proxy: { "/api": { target: backend, ws: true } } },
});
