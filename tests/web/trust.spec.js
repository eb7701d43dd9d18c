// "Nothing leaves the browser", as the browser enforces it: every way out that we know is tried from
// the program's own place, and each of the page's guards is taken away once to see that it is missed.

import { readFileSync } from "node:fs";

import { DIST, expect, SINGLE, test as base } from "./fixtures.js";
import { serve } from "./server.js";
import { sink } from "./sink.js";
import { attempt, navigations, vectors } from "./vectors.js";
import { unlocked, weaken } from "./weaken.js";

const ATTEMPTS = [
  "fetch",
  "XMLHttpRequest",
  "WebSocket",
  "EventSource",
  "beacon",
  "image",
  "stylesheet",
  "font",
  "media",
  "frame",
  "script",
];

const test = base.extend({
  elsewhere: async ({}, use) => {
    const it = await sink();
    await use(it);
    await it.close();
  },
  // Serves a changed copy of the page.
  changed: async ({}, use) => {
    const sites = [];
    await use(async (change) => {
      sites.push(await serve(DIST, { change }));
      return sites.at(-1).url;
    });
    await Promise.all(sites.map((it) => it.close()));
  },
});

// Long enough for every vector that works at all: the unlocked page is given no more.
const settle = (page) => page.waitForTimeout(1500);

const outcome = (app) =>
  app.evaluate(() => ({ locked: inspector.locked(), refused: inspector.refused(), allowed: inspector.allowed() }));

test("starts locked, in two requests", async ({ app, site }) => {
  expect(await outcome(app)).toEqual({ locked: true, refused: ATTEMPTS, allowed: [] });
  expect(site.requests).toEqual([
    expect.stringMatching("^GET /tools/kubeconfig/$"),
    expect.stringMatching(String.raw`^GET /tools/kubeconfig/kubeconfig-inspector-[0-9a-f]{16}\.wasm$`),
  ]);
});

test("says in the console only what the browser refused while it started", async ({ page, open, site }) => {
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  await open(site.url);
  expect(said.filter((it) => !/attempt\.invalid|TrustedScriptURL/.test(it))).toEqual([]);
});

test("the single file starts locked from a disk, without any request", async ({ page, open }) => {
  const requests = [];
  page.on("request", (it) => requests.push(it.url()));
  const app = await open(SINGLE);
  expect(await outcome(app)).toEqual({ locked: true, refused: ATTEMPTS, allowed: [] });
  expect(requests.filter((it) => !/attempt\.invalid/.test(it))).toEqual([SINGLE]);
});

test("without its guards the page can be made to send in each of these ways", async ({ page, open, changed, elsewhere }) => {
  const app = await open(await changed(unlocked));
  for (const [name, vector] of Object.entries(vectors)) {
    await app.evaluate(attempt(vector, elsewhere.address(name)));
  }
  await settle(page);
  const silent = Object.keys(vectors).filter((it) => !elsewhere.reached.has(it));
  expect(silent).toEqual([]);
});

test("nothing gets out, neither elsewhere nor to the page's own host", async ({ page, app, site, elsewhere }) => {
  for (const [name, vector] of Object.entries(vectors)) {
    await app.evaluate(attempt(vector, elsewhere.address(name)));
    await app.evaluate(attempt(vector, `${site.url}leak/${encodeURIComponent(name)}`));
  }
  await settle(page);
  expect([...elsewhere.reached]).toEqual([]);
  expect(site.requests.slice(2)).toEqual([]);
});

for (const [name, vector] of Object.entries(navigations)) {
  for (const near of [false, true]) {
    test(`no navigation gets out${near ? " to the own host" : ""}: ${name}`, async ({ page, app, site, elsewhere }) => {
      const to = near ? `${site.url}leak` : elsewhere.address(name);
      await app.evaluate(attempt(vector, to)).catch(() => {});
      await settle(page);
      expect([...elsewhere.reached]).toEqual([]);
      expect(site.requests.slice(2)).toEqual([]);
      expect(page.url()).toBe(site.url);
    });
  }
}

// What the proof at the start must see when one directive allows more.
const widened = [
  ["connect-src", ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "beacon"]],
  ["img-src", ["image"]],
  ["style-src", ["stylesheet"]],
  ["font-src", ["font"]],
  ["media-src", ["media"]],
  ["frame-src", ["frame"]],
];
for (const [directive, allowed] of widened) {
  test(`the page itself notices a wider ${directive}`, async ({ open, changed }) => {
    const wider = weaken([
      [new RegExp(`${directive} [^;&"]*;`, "g"), ""],
      [/default-src 'none'/g, `default-src 'none'; ${directive} * 'unsafe-inline'`],
    ]);
    // `font-src` and `media-src` stand nowhere: `default-src` covers them.
    const implied = weaken([[/default-src 'none'/g, `default-src 'none'; ${directive} *`]]);
    const covered = ["font-src", "media-src"].includes(directive);
    const app = await open(await changed(covered ? implied : wider));
    expect(await outcome(app)).toEqual({
      locked: false,
      refused: ATTEMPTS.filter((it) => !allowed.includes(it)),
      allowed,
    });
  });
}

// A guard taken away, and a vector that then gets out.
const missing = [
  ["the sandbox's ban on windows", [[/allow-modals"/g, 'allow-modals allow-popups"']], "window.open"],
  ["the sandbox's ban on leaving", [[/allow-modals"/g, 'allow-modals allow-top-navigation"']], "location of the page around"],
  ["the outer lock", [[/frame-src blob:/g, "frame-src *"]], "location"],
  ["the ban on forms", [[/allow-modals"/g, 'allow-modals allow-forms allow-top-navigation"'], [/form-action 'none';/g, ""]], "a form for the page around"],
  ["the removal of WebRTC", [[/"?&quot;RTCPeerConnection&quot;,/g, ""]], "WebRTC"],
];
for (const [guard, changes, name] of missing) {
  test(`${guard} is missed when it is gone`, async ({ page, open, changed, elsewhere }) => {
    const app = await open(await changed(weaken(changes)));
    const vector = vectors[name] ?? navigations[name];
    await app.evaluate(attempt(vector, elsewhere.address(name))).catch(() => {});
    await expect.poll(() => [...elsewhere.reached]).toContain(name);
  });
}

test("each directive of the policy stands in every document of the build", () => {
  const directives = [
    "default-src 'none'",
    "connect-src",
    "frame-src blob:",
    "worker-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  for (const file of ["index.html", "kubeconfig-inspector.html"]) {
    const html = readFileSync(`${DIST}/${file}`, "utf8");
    const policies = [...html.matchAll(/Content-Security-Policy(?:"|&quot;) content=(?:"|&quot;)(.*?)(?:"|&quot;)>/g)];
    expect(policies.length).toBe(2);
    for (const [, policy] of policies) {
      for (const directive of directives) {
        expect(policy).toContain(directive);
      }
      expect(policy).not.toMatch(/unsafe-inline|unsafe-eval'?[ ;](?<!wasm-unsafe-eval'?[ ;])|https?:|\*/);
    }
  }
});

test("the WASM is only run when it is the one that belongs to the page", async ({ page, changed }) => {
  const url = await changed((name, bytes) => {
    if (name.endsWith(".wasm")) {
      bytes[bytes.length - 1] ^= 1;
    }
    return bytes;
  });
  await page.goto(url);
  await expect(page.locator("#status")).toContainText("is not the one that belongs to it");
  await expect(page.locator("html.started")).toHaveCount(0);
});
