import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  publicDir: false,
  build: {
    outDir: here("../dist/widget"),
    emptyOutDir: true,
    target: "es2019",
    cssTarget: "chrome90",
    reportCompressedSize: false,
    lib: { entry: here("src/index.ts"), name: "Warmline", formats: ["iife"], fileName: () => "widget.js" },
  },
});
