// The recipes of docs/hosting.md, started where this machine can start them: the page runs behind each,
// under the headers that the documentation promises.

import { spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

import { DIST, digest, expect, published, savePage, test as base } from "./fixtures.js";
import { paste, withToken } from "./given.js";
import { serve } from "./server.js";

const DEPLOY = new URL("../../deploy", import.meta.url).pathname;
const WASM = readdirSync(DIST).find((it) => it.endsWith(".wasm"));

// The headers of deploy/_headers: first those of every file, then those of the WASM.
function promised() {
  const [all, wasm] = readFileSync(`${DEPLOY}/_headers`, "utf8").split("\n\n");
  const headers = (block) =>
    Object.fromEntries([...block.matchAll(/^ {2}([\w-]+): (.*)$/gm)].map(([, name, value]) => [name.toLowerCase(), value]));
  return { all: headers(all), wasm: { ...headers(all), ...headers(wasm) } };
}

const test = base.extend({
  // What nginx hands out.
  folder: [DIST, { option: true }],
  nginx: async ({ folder }, use) => {
    test.skip(!process.env.WEB_SERVER, "no nginx on this machine");
    const home = mkdtempSync(join(tmpdir(), "nginx-"));
    const port = await free();
    const text = readFileSync(`${DEPLOY}/nginx.conf`, "utf8")
      .replaceAll("/tmp/", `${home}/`)
      .replace("listen 8080", `listen 127.0.0.1:${port}`)
      .replaceAll("/usr/share/nginx/html", folder);
    writeFileSync(`${home}/nginx.conf`, text);
    // Started by root it would become somebody who may not read this folder.
    const own = process.getuid() === 0 ? "daemon off; user root;" : "daemon off;";
    const server = spawn(process.env.WEB_SERVER, ["-p", home, "-c", `${home}/nginx.conf`, "-g", own], {
      stdio: ["ignore", "inherit", "inherit"],
    });
    const url = `http://127.0.0.1:${port}/`;
    await expect.poll(() => fetch(url).then(() => true, () => false)).toBe(true);
    await use(url);
    server.kill();
  },
});

function free() {
  return new Promise((done) => {
    const it = createServer().listen(0, "127.0.0.1", () => {
      const { port } = it.address();
      it.close(() => done(port));
    });
  });
}

test("nginx: the page starts locked, and saves itself under these headers", async ({ page, nginx, open }) => {
  const app = await open(nginx);
  expect(await app.evaluate(() => inspector.locked())).toBe(true);
  expect(await savePage(page, app)).toBe(published("kubeconfig-inspector.html"));
});

test("nginx: types, headers and caching are those of the documentation", async ({ nginx, request }) => {
  const { all, wasm } = promised();
  const page = await request.get(nginx);
  expect(page.headers()).toMatchObject({ ...all, "content-type": "text/html; charset=utf-8" });
  const program = await request.get(nginx + WASM);
  expect(program.headers()).toMatchObject({ ...wasm, "content-type": "application/wasm" });
  // Also where the program of another version is asked for: nobody may remember that it was missing.
  for (const name of ["missing", "kubeconfig-inspector-0123456789abcdef.wasm"]) {
    const missing = await request.get(nginx + name);
    expect(missing.status()).toBe(404);
    expect(missing.headers()).toMatchObject(all);
  }
});

test("nginx: compressed for who takes it, plain for who does not", async ({ nginx }) => {
  const length = async (encoding) => {
    const response = await fetch(nginx + WASM, { headers: { "accept-encoding": encoding } });
    expect(response.headers.get("vary")).toBe("Accept-Encoding");
    return [response.headers.get("content-encoding"), (await response.arrayBuffer()).byteLength];
  };
  const bytes = readFileSync(`${DIST}/${WASM}`).length;
  expect(await length("gzip")).toEqual(["gzip", bytes]);
  expect(await length("identity")).toEqual([null, bytes]);
});

test("nginx: takes nothing in", async ({ nginx, request }) => {
  const answer = await request.post(nginx, { data: "x" });
  expect([403, 405]).toContain(answer.status());
});

test("SHA256SUMS covers every file, and the compressed ones hold the same", () => {
  const names = readdirSync(DIST).filter((it) => it !== "SHA256SUMS");
  const unpack = { ".gz": gunzipSync, ".br": brotliDecompressSync };
  expect(names.filter((it) => extname(it) in unpack).length).toBe(6);
  for (const name of names) {
    const bytes = readFileSync(`${DIST}/${name}`);
    const of = unpack[extname(name)];
    expect(digest(of ? of(bytes) : bytes), name).toBe(published(of ? name.slice(0, -3) : name));
  }
});

test.describe("the single file in a ConfigMap", () => {
  // As deploy/kubernetes/single-file.yaml mounts it: compressed, under the name of the page, alone.
  const mounted = mkdtempSync(join(tmpdir(), "configmap-"));
  test.use({ folder: mounted });

  test("fits, and nginx hands it out", async ({ nginx, open }) => {
    copyFileSync(`${DIST}/kubeconfig-inspector.html.gz`, `${mounted}/index.html.gz`);
    // What a ConfigMap holds at most.
    expect(statSync(`${mounted}/index.html.gz`).size).toBeLessThan(1024 * 1024);
    const app = await open(nginx);
    expect(await app.evaluate(() => inspector.locked())).toBe(true);
    const plain = await fetch(nginx, { headers: { "accept-encoding": "identity" } });
    expect(await plain.text()).toBe(readFileSync(`${DIST}/kubeconfig-inspector.html`, "utf8"));
  });
});

test("the headers allow what the page does, and keep it out of other pages' frames", async ({ page, open }) => {
  const site = await serve(DIST, { headers: promised().all });
  const app = await open(site.url);
  expect(await app.evaluate(() => inspector.locked())).toBe(true);
  const around = await serve(DIST, {
    change: (name, bytes) => (name === "index.html" ? `<iframe src="${site.url}"></iframe>` : bytes),
  });
  await page.goto(around.url);
  expect(page.frames()[1].url()).not.toBe(site.url);
  await site.close();
  await around.close();
});

// What hosts answer that cannot be told more: from their documentation and their public answers.
const HTML = "text/html; charset=utf-8";
const plain = {
  "GitHub Pages": {
    types: { ".html": HTML, ".wasm": "application/wasm" },
    headers: {
      "access-control-allow-origin": "*",
      "cache-control": "max-age=600",
      "permissions-policy": "interest-cohort=()",
      "strict-transport-security": "max-age=31556952",
      "x-proxy-cache": "MISS",
    },
  },
  "an object store": {
    types: { ".html": "text/html", ".wasm": "application/wasm" },
    headers: { "cache-control": "no-cache", "accept-ranges": "bytes", "x-amz-server-side-encryption": "AES256" },
  },
  "a host that does not know WebAssembly": { types: { ".html": HTML }, headers: { "x-content-type-options": "nosniff" } },
};
for (const [name, options] of Object.entries(plain)) {
  test(`${name}: the page starts locked and reads without a header of ours`, async ({ open }) => {
    const site = await serve(DIST, options);
    const app = await open(site.url);
    expect(await app.evaluate(() => inspector.locked())).toBe(true);
    await paste(app, withToken({ context: "hosted" }));
    await expect(app.getByRole("row", { name: "hosted" })).toBeVisible();
    expect(site.requests.length).toBe(2);
    await site.close();
  });
}

test("Connection-Allowlist alone stops what a policy does not, in browsers that know it", async ({ page }) => {
  const headers = { "connection-allowlist": "(response-origin)" };
  const site = await serve(DIST, { headers, change: () => "<p>A page with no other guard." });
  const elsewhere = await serve(DIST);
  await page.goto(site.url);
  const reached = await page.evaluate((to) => fetch(to, { mode: "no-cors" }).then(() => true, () => false), elsewhere.url);
  expect(reached).toBe(false);
  expect(elsewhere.requests).toEqual([]);
  await site.close();
  await elsewhere.close();
});
