#!/usr/bin/env node
/** Fails when the built widget is over its budget. Usage: node widget/size.mjs [file] */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const LIMIT = 40_960;
const file = process.argv[2] ?? fileURLToPath(new URL("../dist/widget/widget.js", import.meta.url));
const bytes = gzipSync(readFileSync(file), { level: 9 }).length;
process.stdout.write(`widget.js ${bytes} bytes gzip of ${LIMIT} (${Math.round((100 * bytes) / LIMIT)} %)\n`);
process.exit(bytes > LIMIT ? 1 : 0);
