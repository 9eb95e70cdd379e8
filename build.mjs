// Builds the browser side into core/web/static/dist: hashed scripts, styles and fonts, one icon sprite,
// compressed siblings and manifest.json (logical name -> file). Run: node build.mjs
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import esbuild from "esbuild";

const ROOT = path.dirname(fileURLToPath(import.meta.url));
const SOURCE = path.join(ROOT, "core/web/static_src");
const TARGET = path.join(ROOT, "core/web/static/dist");
const FRESH = `${TARGET}.new`;
const ICONS = path.join(ROOT, "node_modules/@tabler/icons/icons");
const FIRST_PAGE_LIMIT = 330 * 1024;

async function filesUnder(folder, wanted) {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && wanted(entry.name))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => !/[/\\](node_modules|static|tests|__pycache__)[/\\]/.test(file))
    .sort();
}

/** main.js and main.css of every addon that has a static_src, as addons/<name>.js and .css. */
async function addonEntries() {
  const entries = {};
  const folder = path.join(ROOT, "addons");
  for (const name of existsSync(folder) ? (await readdir(folder)).sort() : []) {
    for (const kind of ["js", "css"]) {
      const file = path.join(folder, name, "static_src", `main.${kind}`);
      if (existsSync(file)) entries[`addons/${name}.${kind}`] = file;
    }
  }
  return entries;
}

async function bundle() {
  const own = { "main.js": "js/main.js", "boot.js": "js/boot.js", "app.css": "app.css", "app.rtl.css": "app.rtl.css", "editor.css": "editor.css" };
  const entries = Object.fromEntries(Object.entries(own).map(([name, file]) => [name, path.join(SOURCE, file)]));
  Object.assign(entries, await addonEntries());
  const result = await esbuild.build({
    entryPoints: Object.entries(entries).map(([name, file]) => ({ in: file, out: name.replace(/\.(js|css)$/, "") })),
    bundle: true, splitting: true, format: "esm", target: ["es2022", "chrome120", "firefox121", "safari17"], minify: true, metafile: true,
    legalComments: "eof", outdir: FRESH, entryNames: "[dir]/[name]-[hash]", chunkNames: "parts/[name]-[hash]", assetNames: "fonts/[hash]",
    loader: { ".woff2": "file" }, nodePaths: [path.join(ROOT, "node_modules")], absWorkingDir: ROOT, logLevel: "warning",
    external: ["/static/*"],
  });
  const manifest = {};
  for (const [file, output] of Object.entries(result.metafile.outputs)) {
    if (!output.entryPoint) continue;
    const source = path.resolve(ROOT, output.entryPoint);
    const name = Object.keys(entries).find((key) => entries[key] === source);
    if (name && path.extname(file) === path.extname(name)) manifest[name] = inTarget(file);
  }
  return { manifest, outputs: result.metafile.outputs };
}

const inTarget = (file) => path.relative(FRESH, path.resolve(ROOT, file)).split(path.sep).join("/");

/** Names of icons in use: every quoted word of a template, icon="..." in Python, and the lists kept by hand. */
async function iconNames() {
  const found = new Set();
  const collect = (text, pattern) => {
    for (const hit of text.matchAll(pattern)) found.add(hit[1]);
  };
  for (const room of ["core", "addons"]) {
    for (const file of await filesUnder(path.join(ROOT, room), (name) => /\.(html|jinja|j2)$/.test(name))) {
      collect(await readFile(file, "utf8"), /["']([a-z][a-z0-9-]*)["']/g);
    }
    for (const file of await filesUnder(path.join(ROOT, room), (name) => name.endsWith(".py"))) {
      collect(await readFile(file, "utf8"), /\bicon["']?\s*[=:]\s*["']([a-z][a-z0-9-]*)["']/g);
    }
    for (const file of await filesUnder(path.join(ROOT, room), (name) => name === "icons.txt")) {
      for (const line of (await readFile(file, "utf8")).split("\n")) if (line.trim() && !line.startsWith("#")) found.add(line.trim());
    }
  }
  for (const file of await filesUnder(path.join(SOURCE, "js"), (name) => name.endsWith(".js"))) {
    collect(await readFile(file, "utf8"), /\bicon\("([a-z0-9-]+)"/g);
  }
  return [...found].sort();
}

async function sprite() {
  const symbols = [];
  for (const name of await iconNames()) {
    const filled = name.endsWith("-filled");
    const file = path.join(ICONS, filled ? "filled" : "outline", `${filled ? name.slice(0, -7) : name}.svg`);
    if (!existsSync(file)) continue;
    const drawing = (await readFile(file, "utf8")).replace(/<!--[\s\S]*?-->/g, "").replace(/^[\s\S]*?<svg[^>]*>|<\/svg>[\s\S]*$/g, "");
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24">${drawing.replace(/\s+/g, " ").replace(/> </g, "><").trim()}</symbol>`);
  }
  const text = `<svg xmlns="http://www.w3.org/2000/svg"><!-- Tabler Icons, MIT licence -->${symbols.join("")}</svg>`;
  console.log(`icons.svg: ${symbols.length} icons`);
  return text;
}

async function writeHashed(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  const { name: stem, ext } = path.parse(name);
  const file = `${stem}-${hash}${ext}`;
  await writeFile(path.join(FRESH, file), content);
  return file;
}

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

/** Sizes over the wire by file; text gets .br and .gz siblings when they are smaller. */
async function compress() {
  const sizes = {};
  for (const file of await filesUnderAll(FRESH)) {
    const content = await readFile(file);
    sizes[inTarget(file)] = content.length;
    if (!/\.(js|css|svg|json)$/.test(file) || content.length < 300) continue;
    const small = await brotli(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
    await writeFile(`${file}.br`, small);
    await writeFile(`${file}.gz`, await gzipped(content, { level: 9 }));
    sizes[inTarget(file)] = small.length;
  }
  return sizes;
}

async function filesUnderAll(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath ?? entry.path, entry.name)).sort();
}

/** A script with everything it imports at once (what is imported on demand comes later). */
function withImports(outputs, file, seen = new Set()) {
  if (seen.has(file)) return seen;
  seen.add(file);
  const output = Object.entries(outputs).find(([name]) => inTarget(name) === file)?.[1];
  for (const used of output?.imports ?? []) if (used.kind === "import-statement") withImports(outputs, inTarget(used.path), seen);
  return seen;
}

function report(manifest, outputs, sizes) {
  const font = (name) => inTarget(Object.keys(outputs).find((file) => Object.keys(outputs[file].inputs).some((input) => input.includes(name) && file.endsWith(".woff2"))));
  const kilo = (bytes) => `${(bytes / 1024).toFixed(1)} kB`;
  const scripts = [...withImports(outputs, manifest["main.js"]), manifest["boot.js"]];
  const lazy = Object.keys(sizes).filter((file) => file.endsWith(".js") && /parts\/(list|kanban|search|pop|dirty|many2one)/.test(file))
    .flatMap((file) => [...withImports(outputs, file)]);
  const shared = [...new Set([...scripts, ...lazy])].concat(manifest["icons.svg"], manifest["favicon.svg"]);
  const total = (files) => files.reduce((sum, file) => sum + sizes[file], 0);
  const pages = {
    English: total([...shared, manifest["app.css"], font("inter-latin-wght")]),
    Persian: total([...shared, manifest["app.rtl.css"], font("Vazirmatn"), font("inter-latin-wght")]),
  };
  console.log(`app.css ${kilo(sizes[manifest["app.css"]])}, scripts ${kilo(total([...new Set([...scripts, ...lazy])]))}, icons ${kilo(sizes[manifest["icons.svg"]])}`);
  for (const [name, size] of Object.entries(pages)) {
    console.log(`first page, ${name}: ${kilo(size)} over the wire (limit ${kilo(FIRST_PAGE_LIMIT)})`);
    if (size > FIRST_PAGE_LIMIT) throw new Error(`The first page in ${name} is larger than its limit.`);
  }
}

async function main() {
  await rm(FRESH, { recursive: true, force: true });
  await mkdir(FRESH, { recursive: true });
  const { manifest, outputs } = await bundle();
  manifest["icons.svg"] = await writeHashed("icons.svg", await sprite());
  manifest["favicon.svg"] = await writeHashed("favicon.svg", await readFile(path.join(SOURCE, "favicon.svg"), "utf8"));
  const sizes = await compress();
  const ordered = Object.fromEntries(Object.entries(manifest).sort());
  await writeFile(path.join(FRESH, "manifest.json"), `${JSON.stringify(ordered, null, 2)}\n`);
  report(manifest, outputs, sizes);
  // the old files go only when the new ones are whole
  await rm(TARGET, { recursive: true, force: true });
  await mkdir(path.dirname(TARGET), { recursive: true });
  await rename(FRESH, TARGET);
  await stat(path.join(TARGET, "manifest.json"));
}

await main();
