// The same promises in Firefox, driven over WebDriver BiDi: what is particular to a browser is the
// lock, the sandboxed frame, and what people do through it.

import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import axe from "axe-core";
import puppeteer from "puppeteer-core";

import { firefox } from "./browsers.js";
import { panic } from "./faults.js";
import { DIST, expect, SINGLE, test as base } from "./fixtures.js";
import { withToken } from "./given.js";
import { serve } from "./server.js";
import { sink } from "./sink.js";
import { attempt, navigations, vectors } from "./vectors.js";
import { unlocked } from "./weaken.js";

const ATTEMPTS = 11;

const test = base.extend({
  browser: [
    async ({}, use) => {
      const options = firefox();
      test.skip(!options, "no Firefox on this machine");
      const downloads = mkdtempSync(join(tmpdir(), "downloads-"));
      const browser = await puppeteer.launch({
        ...options,
        extraPrefsFirefox: {
          "browser.download.dir": downloads,
          "browser.download.folderList": 2,
          "browser.download.useDownloadDir": true,
        },
      });
      browser.downloads = downloads;
      await use(browser);
      await browser.close();
    },
    { scope: "worker" },
  ],
  fox: async ({ browser }, use) => {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    await page.setViewport({ width: 1280, height: 800 });
    await use(page);
    await context.close();
  },
  elsewhere: async ({}, use) => {
    const it = await sink();
    await use(it);
    await it.close();
  },
});

async function openIn(page, url) {
  await page.goto(url);
  await page.waitForSelector("html.started");
  return (await page.$("#app")).contentFrame();
}

const settle = () => new Promise((done) => setTimeout(done, 1500));

const outcome = (app) =>
  app.evaluate(() => ({ locked: inspector.locked(), refused: inspector.refused().length, allowed: inspector.allowed() }));

test("Firefox: starts locked, in two requests", async ({ fox, site }) => {
  const app = await openIn(fox, site.url);
  expect(await outcome(app)).toEqual({ locked: true, refused: ATTEMPTS, allowed: [] });
  expect(site.requests.length).toBe(2);
});

test("Firefox: the single file starts locked from a disk", async ({ fox }) => {
  const app = await openIn(fox, SINGLE);
  expect(await outcome(app)).toEqual({ locked: true, refused: ATTEMPTS, allowed: [] });
});

test("Firefox: nothing gets out, neither elsewhere nor to the page's own host", async ({ fox, site, elsewhere }) => {
  const app = await openIn(fox, site.url);
  for (const [name, vector] of Object.entries(vectors)) {
    await app.evaluate(attempt(vector, elsewhere.address(name)));
    await app.evaluate(attempt(vector, `${site.url}leak/${encodeURIComponent(name)}`));
  }
  await settle();
  expect([...elsewhere.reached]).toEqual([]);
  expect(site.requests.slice(2)).toEqual([]);
});

for (const [name, vector] of Object.entries(navigations)) {
  test(`Firefox: no navigation gets out: ${name}`, async ({ fox, site, elsewhere }) => {
    const app = await openIn(fox, site.url);
    await app.evaluate(attempt(vector, elsewhere.address(name))).catch(() => {});
    await settle();
    expect([...elsewhere.reached]).toEqual([]);
    expect(fox.url()).toBe(site.url);
  });
}

// A lookup reaches no server of ours, so the browser's own log of names is read.
test("Firefox: no host name is looked up for a link or a hint, as it is without the guards", async ({ site }) => {
  const options = firefox();
  test.skip(!options, "no Firefox on this machine");
  const logs = mkdtempSync(join(tmpdir(), "names-"));
  const env = { ...process.env, MOZ_LOG: "nsHostResolver:5", MOZ_LOG_FILE: `${logs}/log` };
  const browser = await puppeteer.launch({ ...options, env });
  const page = await browser.newPage();
  const mention = (name) => {
    const hint = { rel: "dns-prefetch", href: `http://${name}-hint.example/` };
    document.head.append(Object.assign(document.createElement("link"), hint));
    const link = { href: `http://${name}-link.example/`, textContent: "x" };
    document.body.append(Object.assign(document.createElement("a"), link));
  };
  const open = await serve(DIST, { change: unlocked });
  for (const [name, url] of Object.entries({ open: open.url, locked: site.url })) {
    const app = await openIn(page, url);
    await page.evaluate(mention, `${name}-page`);
    await app.evaluate(mention, `${name}-frame`);
    await settle();
  }
  await browser.close();
  await open.close();
  const log = readdirSync(logs).map((it) => readFileSync(join(logs, it), "latin1")).join();
  const names = new Set(log.match(/\w+-\w+-(?:hint|link)\.example/g));
  expect([...names].sort()).toEqual([
    "open-frame-hint.example",
    "open-frame-link.example",
    "open-page-hint.example",
    "open-page-link.example",
  ]);
});

test("Firefox: keys reach the program without a click, copying and pasting work", async ({ fox, site }) => {
  const app = await openIn(fox, site.url);
  await app.evaluate(() => {
    const button = Object.assign(document.createElement("button"), { textContent: "copy", id: "copy" });
    button.onclick = () => navigator.clipboard.writeText("copied in the frame");
    document.body.prepend(button);
    addEventListener("paste", (event) => (globalThis.pasted = event.clipboardData.getData("text/plain")));
  });
  await (await app.$("#copy")).click();
  await fox.reload();
  const again = await openIn(fox, site.url);
  await again.evaluate(() => {
    addEventListener("paste", (event) => (globalThis.pasted = event.clipboardData.getData("text/plain")), true);
  });
  await fox.keyboard.down("Control");
  await fox.keyboard.press("v");
  await fox.keyboard.up("Control");
  await again.waitForFunction(() => globalThis.pasted === "copied in the frame");
});

test("Firefox: a file that the program writes is downloaded", async ({ fox, browser, site }) => {
  const app = await openIn(fox, site.url);
  await app.evaluate(() => {
    const button = Object.assign(document.createElement("button"), { textContent: "save", id: "save" });
    button.onclick = () => {
      const href = URL.createObjectURL(new Blob(["written in the frame"]));
      Object.assign(document.createElement("a"), { href, download: "written.txt" }).click();
    };
    document.body.prepend(button);
  });
  await (await app.$("#save")).click();
  await expect.poll(() => readdirSync(browser.downloads)).toEqual(["written.txt"]);
  expect(readFileSync(join(browser.downloads, "written.txt"), "utf8")).toBe("written in the frame");
  expect(await outcome(app)).toMatchObject({ locked: true });
});

test("Firefox: files are picked", async ({ fox, site }) => {
  const app = await openIn(fox, site.url);
  const path = join(mkdtempSync(join(tmpdir(), "picked-")), "picked.yaml");
  writeFileSync(path, "apiVersion: v1\nkind: Config\n");
  const input = await app.$("input[type=file]");
  await input.uploadFile(path);
  await app.waitForFunction(() => document.body.innerText.includes("picked.yaml"));
});

test("Firefox: the page is printed as long as it is", async ({ fox, site }) => {
  const app = await openIn(fox, site.url);
  await app.evaluate(() => {
    const tall = document.createElement("div");
    tall.style.height = "5000px";
    document.body.append(tall);
  });
  await fox.waitForFunction(() => {
    dispatchEvent(new Event("beforeprint"));
    const pixels = parseFloat(document.getElementById("app").style.height);
    dispatchEvent(new Event("afterprint"));
    return 5000 <= pixels;
  });
});

test("Firefox: a panic in the program is told, and keeps the input", async ({ fox, site }) => {
  const app = await openIn(fox, site.url);
  await app.$eval("#input", (field, text) => {
    field.value = text;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }, withToken());
  await app.waitForSelector("#verdict");
  await panic(app);
  await app.waitForSelector("main.fault");
  expect(await app.$eval("[role=alert]", (it) => it.textContent)).toMatch(/mistake in it.*wasm-function\[\d+\]:0x[0-9a-f]+/);
  expect(await app.$eval("details textarea", (it) => it.value)).toBe(withToken());
});

test("Firefox: nothing that assistive technology stumbles over", async ({ fox, site }) => {
  const app = await openIn(fox, site.url);
  for (const document of [fox, app]) {
    await document.evaluate(axe.source);
    const violations = await document.evaluate(() => axe.run().then((it) => it.violations.map(({ id }) => id)));
    expect(violations).toEqual([]);
  }
});
