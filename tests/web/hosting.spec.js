// The recipes of docs/hosting.md, started where this machine can start them: the page runs behind each,
// under the headers that the documentation promises.

import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { DIST, expect, test as base } from "./fixtures.js";
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
  nginx: async ({}, use) => {
    test.skip(!process.env.WEB_SERVER, "no nginx on this machine");
    const home = mkdtempSync(join(tmpdir(), "nginx-"));
    const port = await free();
    const text = readFileSync(`${DEPLOY}/nginx.conf`, "utf8")
      .replaceAll("/tmp/", `${home}/`)
      .replace("listen 8080", `listen 127.0.0.1:${port}`)
      .replaceAll("/usr/share/nginx/html", DIST);
    writeFileSync(`${home}/nginx.conf`, text);
    // Started by root it would become somebody who may not read this folder.
    const own = process.getuid() === 0 ? "daemon off; user root;" : "daemon off;";
    const server = spawn(process.env.WEB_SERVER, ["-p", home, "-c", `${home}/nginx.conf`, "-g", own], {
      stdio: ["ignore", "inherit", "inherit"],
    });
    const url = `http://127.0.0.1:${port}/`;
    await expect.poll(() => fetch(url).then((it) => it.status, () => 0)).toBe(200);
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

test("nginx: the page starts locked", async ({ nginx, open }) => {
  const app = await open(nginx);
  expect(await app.evaluate(() => inspector.locked())).toBe(true);
});

test("nginx: types, headers and caching are those of the documentation", async ({ nginx, request }) => {
  const { all, wasm } = promised();
  const page = await request.get(nginx);
  expect(page.headers()).toMatchObject({ ...all, "content-type": "text/html; charset=utf-8" });
  const program = await request.get(nginx + WASM);
  expect(program.headers()).toMatchObject({ ...wasm, "content-type": "application/wasm" });
  const missing = await request.get(`${nginx}missing`);
  expect(missing.status()).toBe(404);
  expect(missing.headers()).toMatchObject(all);
});

test("nginx: compressed for who takes it, plain for who does not", async ({ nginx }) => {
  const length = async (encoding) => {
    const response = await fetch(nginx + WASM, { headers: { "accept-encoding": encoding } });
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
