// The same promises in Firefox, driven over WebDriver BiDi: what is particular to a browser is the
// lock, the sandboxed frame, and what people do through it.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import axe from "axe-core";
import puppeteer from "puppeteer-core";

import { firefox } from "./browsers.js";
import { panic } from "./faults.js";
import { DIST, digest, expect, published, serveSlowly, SINGLE, test as base } from "./fixtures.js";
import { drop, KEY, sample, withToken } from "./given.js";
import { serve } from "./server.js";
import { sink } from "./sink.js";
import { attempt, forbidden, navigations, vectors } from "./vectors.js";
import { unlocked, weaken } from "./weaken.js";

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
          // Off as they come, so that nothing would be shown by trying: pings, and WebRTC to this machine.
          "browser.send_pings": true,
          "media.peerconnection.ice.loopback": true,
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
  // The page with everything taken away that this project adds.
  unguarded: async ({}, use) => {
    const it = await serve(DIST, { change: unlocked });
    await use(it.url);
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

test("Firefox: without its guards the page can be made to send in each of these ways", async ({ fox, unguarded, elsewhere }) => {
  const app = await openIn(fox, unguarded);
  // Firefox prefetches while nothing else is loading.
  await app.evaluate(attempt(vectors.prefetch, elsewhere.address("prefetch")));
  await expect.poll(() => [...elsewhere.reached]).toContain("prefetch");
  for (const [name, vector] of Object.entries(vectors)) {
    await app.evaluate(attempt(vector, elsewhere.address(name)));
  }
  await expect.poll(() => Object.keys(vectors).filter((it) => !elsewhere.reached.has(it))).toEqual([]);
});

test("Firefox: nothing gets out, neither elsewhere nor to the page's own host", async ({ fox, site, elsewhere }) => {
  const app = await openIn(fox, site.url);
  await pick(app, "config", withToken());
  await app.waitForSelector("#verdict");
  for (const [name, vector] of Object.entries(vectors)) {
    await app.evaluate(attempt(vector, elsewhere.address(name)));
    await app.evaluate(attempt(vector, `${site.url}leak/${encodeURIComponent(name)}`));
  }
  await settle();
  expect([...elsewhere.reached]).toEqual([]);
  expect(site.requests.slice(2)).toEqual([]);
});

// The frame with the field, before the program has arrived.
async function openEarly(page, url) {
  await page.goto(url);
  await page.waitForSelector("html.shown");
  const app = await (await page.$("#app")).contentFrame();
  await app.waitForSelector("#input");
  return app;
}

test("Firefox: nothing gets out before the program has arrived, either", async ({ fox, slow, elsewhere }) => {
  const app = await openEarly(fox, slow.url);
  for (const [name, vector] of Object.entries(vectors)) {
    await app.evaluate(attempt(vector, elsewhere.address(name)));
    await app.evaluate(attempt(vector, `${slow.url}leak/${encodeURIComponent(name)}`));
  }
  await settle();
  expect([...elsewhere.reached]).toEqual([]);
  expect(slow.requests.length).toBe(2);
  expect(await fox.evaluate(() => document.getElementById("app").contentDocument)).toBe(null);
});

test("Firefox: keys that are typed while the program takes over all arrive, where the caret is", async ({ fox, slow }) => {
  const app = await openEarly(fox, slow.url);
  await (await app.$("#input")).click();
  await fox.keyboard.type("the end");
  await fox.keyboard.press("Home");
  let typed = "";
  const key = async () => {
    const it = String(typed.length % 10);
    await fox.keyboard.press(it);
    typed += it;
  };
  for (let n = 0; n < 20; n++) await key();
  slow.release();
  while (!(await app.evaluate(() => "inspector" in globalThis))) await key();
  for (let n = 0; n < 20; n++) await key();
  await app.waitForSelector("#verdict");
  expect(await app.evaluate(() => [document.activeElement.id, document.activeElement.value])).toEqual(["input", `${typed}the end`]);
});

test("Firefox: what is handed in before the program has arrived is answered", async ({ fox, slow }) => {
  const app = await openEarly(fox, slow.url);
  await drop(app, { "a.yaml": withToken({ context: "a" }) });
  // Cut out of the field, and pasted outside of it.
  await app.$eval("#input", (field, text) => (field.value = text), withToken({ context: "b" }));
  await (await app.$("#input")).click();
  await fox.keyboard.down("Control");
  await fox.keyboard.press("a");
  await fox.keyboard.press("x");
  await app.$eval("#input", (field) => field.blur());
  await fox.keyboard.press("v");
  await fox.keyboard.up("Control");
  slow.release();
  await says(app, ".contexts tbody", "a.yaml");
  await says(app, ".contexts tbody", "pasted");
});

test("Firefox: where the WASM does not arrive, what was typed stays", async ({ fox }) => {
  const slow = await serveSlowly((name, bytes) => (name.endsWith(".wasm") ? bytes.fill(0, -1) : bytes));
  const app = await openEarly(fox, slow.url);
  await (await app.$("#input")).type("typed early");
  slow.release();
  await says(app, "[role=alert]", "a file of it did not arrive");
  expect(await app.$eval("details[open] textarea", (it) => it.value)).toBe("typed early");
  await slow.close();
});

test("Firefox: where the lock is not proven there is no early field", async ({ fox }) => {
  const changes = [
    [/connect-src [^;&"]*;/g, ""],
    [/default-src 'none'/g, "default-src 'none'; connect-src *"],
  ];
  const slow = await serveSlowly(weaken(changes));
  await fox.goto(slow.url);
  const app = await (await fox.$("#app")).contentFrame();
  await new Promise((done) => setTimeout(done, 3000));
  expect(await app.$("#input")).toBe(null);
  expect(await fox.evaluate(() => document.documentElement.className)).toBe("");
  slow.release();
  await says(app, ".alert", "Do not paste a kubeconfig here.");
  expect(await app.$("#input")).toBe(null);
  await slow.close();
});

for (const [name, vector] of Object.entries(navigations)) {
  test(`Firefox: without its guards the page can be left: ${name}`, async ({ fox, unguarded, elsewhere }) => {
    const app = await openIn(fox, unguarded);
    await app.evaluate(attempt(vector, elsewhere.address(name))).catch(() => {});
    await expect.poll(() => [...elsewhere.reached]).toContain(name);
  });
  test(`Firefox: no navigation gets out: ${name}`, async ({ fox, site, elsewhere }) => {
    const app = await openIn(fox, site.url);
    await app.evaluate(attempt(vector, elsewhere.address(name))).catch(() => {});
    await settle();
    expect([...elsewhere.reached]).toEqual([]);
    expect(fox.url()).toBe(site.url);
  });
}

test("Firefox: what the policy forbids beside sending is refused", async ({ fox, site }) => {
  const app = await openIn(fox, site.url);
  for (const [directive, refused] of Object.entries(forbidden)) {
    expect(await app.evaluate(refused), directive).toBe(true);
  }
});

// A lookup reaches no server of ours, so the browser's own log of names is read.
test("Firefox: no host name is looked up for a link or a hint, as it is without the guards", async ({ site, unguarded }) => {
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
  for (const [name, url] of Object.entries({ open: unguarded, locked: site.url })) {
    const app = await openIn(page, url);
    await page.evaluate(mention, `${name}-page`);
    await app.evaluate(mention, `${name}-frame`);
    await settle();
  }
  await browser.close();
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
  await (await app.waitForSelector("#copy")).click();
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

// What was saved under that name, as far as it is written.
function saved(browser, name) {
  return readdirSync(browser.downloads).includes(name) ? readFileSync(join(browser.downloads, name), "utf8") : "";
}

for (const [what, url] of [["the page", (site) => site.url], ["the single file", () => SINGLE]]) {
  test(`Firefox: ${what} saves itself as the published single file`, async ({ fox, browser, site }) => {
    rmSync(join(browser.downloads, "kubeconfig-inspector.html"), { force: true });
    const app = await openIn(fox, url(site));
    await (await app.waitForSelector(".bar .chip")).click();
    await (await app.waitForSelector("::-p-text(Save kubeconfig-inspector.html)")).click();
    const sum = () => digest(saved(browser, "kubeconfig-inspector.html"));
    await expect.poll(sum).toBe(published("kubeconfig-inspector.html"));
  });
}

// Picks a file with that text.
async function pick(app, name, text) {
  const path = join(mkdtempSync(join(tmpdir(), "picked-")), name);
  writeFileSync(path, text);
  await (await app.waitForSelector("input[type=file]")).uploadFile(path);
}

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
  await (await app.waitForSelector("#save")).click();
  await expect.poll(() => saved(browser, "written.txt")).toBe("written in the frame");
  expect(await outcome(app)).toMatchObject({ locked: true });
});

test("Firefox: files are picked", async ({ fox, site }) => {
  const app = await openIn(fox, site.url);
  await pick(app, "picked.yaml", "apiVersion: v1\nkind: Config\n");
  await app.waitForFunction(() => document.body.innerText.includes("picked.yaml"));
});

// Fills a field as a person does: the value, and the event that tells of it.
const fill = (app, selector, value, kind = "input") =>
  app.evaluate(
    (selector, value, kind) => {
      const field = document.querySelector(selector);
      field.value = value;
      field.dispatchEvent(new Event(kind, { bubbles: true }));
    },
    selector,
    value,
    kind,
  );

const says = (app, selector, words) =>
  app.waitForFunction((selector, words) => document.querySelector(selector)?.textContent.includes(words), {}, selector, words);

test("Firefox: from the file to the verdict, its moment, its details and its cause", async ({ fox, site }) => {
  const app = await openIn(fox, site.url);
  await pick(app, "config", sample("expired.yaml"));
  await says(app, "#verdict", "Expired on 9 January 2025");
  await app.waitForFunction(() => document.activeElement.id === "verdict");
  await fill(app, "#message", "error: You must be logged in to the server (Unauthorized)");
  await says(app, ".diagnosis > li", "expired");
  await (await app.waitForSelector("#tab-3")).click();
  await says(app, "[role=tabpanel]:not([hidden])", "SHA-256 fingerprint");
  await fill(app, "#as-of", "2024-12-01T12:00", "change");
  await says(app, "#verdict", "Works until 9 January 2025");
});

test("Firefox: the summary is copied by a key, the redacted kubeconfig saved", async ({ fox, browser, site }) => {
  const app = await openIn(fox, site.url);
  await pick(app, "config", sample("ack.yaml"));
  await says(app, "#verdict", "Works until");
  await app.waitForFunction(() => document.activeElement.id === "verdict");
  await fox.keyboard.press("c");
  await says(app, ".toast", "Copied.");
  await (await app.waitForSelector("#message")).click();
  await fox.keyboard.down("Control");
  await fox.keyboard.press("v");
  await fox.keyboard.up("Control");
  await app.waitForFunction(() => document.getElementById("message").value.includes("kubectl signs in"));
  await (await app.waitForSelector("[aria-label='Save kubeconfig-redacted.yaml']")).click();
  await expect.poll(() => saved(browser, "kubeconfig-redacted.yaml")).toContain("REDACTED+private+key");
  expect(saved(browser, "kubeconfig-redacted.yaml")).not.toContain(KEY.slice(60, 80));
});

test("Firefox: a secret is covered again when the window is left", async ({ fox, site }) => {
  const app = await openIn(fox, site.url);
  await pick(app, "config", sample("ack.yaml"));
  await says(app, "#verdict", "Works until");
  await (await app.waitForSelector("[aria-label='Show Private key']")).click();
  await says(app, ".secret", "PRIVATE KEY");
  await app.evaluate(() => window.dispatchEvent(new Event("blur")));
  await app.waitForFunction(() => !document.querySelector(".secret"));
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
