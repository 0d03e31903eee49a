/**
 * Bundles each script in src/ for the browser, into kzgraph_server/static/built/.
 *
 * The names of what is written carry a hash of its content, so that browsers may keep it for good;
 * manifest.json says which name an entry has, and is written last. LICENSES.txt has the licence of
 * each package of which anything was bundled.
 */

import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const built = resolve(here, "../kzgraph_server/static/built");

rmSync(built, { recursive: true, force: true });
const result = await esbuild.build({
  absWorkingDir: here,
  // What stands in folders of src/ is part of an entry.
  entryPoints: readdirSync(join(here, "src")).filter((name) => /\.ts$/.test(name)).map((name) => `src/${name}`),
  outdir: built,
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  metafile: true,
  // LICENSES.txt has them, whole.
  legalComments: "none",
  banner: { js: "/* Licences of the packages in here: LICENSES.txt */" },
  logLevel: "warning",
});

/** The folder in node_modules of the package that a bundled file is from. */
function packageOf(/** @type {string} */ input) {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
}

const outputs = Object.entries(result.metafile.outputs);
const packages = new Set(
  outputs.flatMap(([, output]) =>
    Object.entries(output.inputs)
      .filter(([, part]) => part.bytesInOutput > 0)
      .map(([input]) => packageOf(input))
      .filter((folder) => folder !== undefined),
  ),
);

const notices = [...packages].sort().map((folder) => {
  const about = JSON.parse(readFileSync(join(here, folder, "package.json"), "utf8"));
  const file = readdirSync(join(here, folder)).find((name) => /^(licen[cs]e|copying)/i.test(name));
  if (file === undefined) throw new Error(`${about.name} comes without the text of its licence`);
  const text = readFileSync(join(here, folder, file), "utf8").trim();
  return `${about.name} ${about.version} (${about.license})\n\n${text}\n`;
});
writeFileSync(
  join(built, "LICENSES.txt"),
  ["The scripts in this folder hold parts of the packages below.\n", ...notices].join(`\n${"-".repeat(80)}\n\n`),
);

/** All that the browser has to load before an entry runs: itself and what it imports at once. */
function loaded(/** @type {string} */ path, /** @type {Set<string>} */ seen = new Set()) {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const each of result.metafile.outputs[path]?.imports ?? []) {
    if (each.kind === "import-statement" && !each.external) loaded(each.path, seen);
  }
  return seen;
}

/** @type {Record<string, string>} */
const manifest = {};
for (const [path, output] of outputs) {
  if (output.entryPoint === undefined || !output.entryPoint.startsWith("src/")) continue;
  // A script that is imported later is an entry for esbuild, but none of ours.
  if (dirname(output.entryPoint) !== "src") continue;
  const name = basename(output.entryPoint).replace(/\.ts$/, ".js");
  manifest[name] = basename(path);
  const bodies = [...loaded(path)].map((each) => readFileSync(join(here, each)));
  const bytes = bodies.reduce((sum, body) => sum + body.length, 0);
  const sent = bodies.reduce((sum, body) => sum + brotliCompressSync(body).length, 0);
  console.log(`  ${name.padEnd(16)}${kilo(bytes)} kB, ${kilo(sent)} kB compressed`);
}
writeFileSync(join(built, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);

function kilo(/** @type {number} */ bytes) {
  return (bytes / 1000).toFixed(1).padStart(7);
}
