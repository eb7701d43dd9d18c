// "Nothing leaves the browser", as the browser enforces it: every way out that we know is tried from
// the program's own place, and each of the page's guards is taken away once to see that it is missed.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";

import { DIST, digest, expect, published, savePage, SINGLE, test as base } from "./fixtures.js";
import { paste, verdict, withToken } from "./given.js";
import { serve } from "./server.js";
import { sink } from "./sink.js";
import { attempt, forbidden, navigations, vectors } from "./vectors.js";
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
  await paste(app, withToken());
  await expect(verdict(app)).toBeVisible();
  for (const [name, vector] of Object.entries(vectors)) {
    await app.evaluate(attempt(vector, elsewhere.address(name)));
    await app.evaluate(attempt(vector, `${site.url}leak/${encodeURIComponent(name)}`));
  }
  await settle(page);
  expect([...elsewhere.reached]).toEqual([]);
  expect(site.requests.slice(2)).toEqual([]);
});

for (const [name, vector] of Object.entries(navigations)) {
  test(`without its guards the page can be left: ${name}`, async ({ open, changed, elsewhere }) => {
    const app = await open(await changed(unlocked));
    await app.evaluate(attempt(vector, elsewhere.address(name))).catch(() => {});
    await expect.poll(() => [...elsewhere.reached]).toContain(name);
  });
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

// A browser opens windows while somebody clicks, and the program decides what is under the pointer.
test("no click opens a window, neither by itself nor by the page around", async ({ page, app, context }) => {
  const opened = [];
  context.on("page", (it) => opened.push(it.url()));
  await context.route("https://**", (route) => (opened.push(route.request().url()), route.abort()));
  await app.evaluate(() => {
    const link = Object.assign(document.createElement("a"), { href: "https://github.com/a-secret", target: "_blank" });
    link.id = "out";
    link.textContent = "out";
    link.onclick = () => {
      window.open(link.href);
      parent.postMessage({ kind: "open", value: link.href }, "*");
    };
    document.body.prepend(link);
  });
  await app.locator("#out").click();
  await settle(page);
  expect(opened).toEqual([]);
  await expect(page.locator("html.started")).toBeAttached();
});

// Trusted Types refuse scripts and workers before any other directive is asked.
const TRUSTED = [/require-trusted-types-for 'script'; trusted-types 'none'/g, ""];

// What the proof at the start must see when one directive allows more.
const widened = [
  ["script-src", ["script"]],
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
    // `font-src` and `media-src` stand nowhere: `default-src` covers them. A script is refused by two.
    const implied = [/default-src 'none'/g, `default-src 'none'; ${directive} * 'unsafe-inline' 'wasm-unsafe-eval'`];
    const others = {
      "font-src": weaken([implied]),
      "media-src": weaken([implied]),
      "script-src": weaken([implied, TRUSTED]),
    };
    const app = await open(await changed(others[directive] ?? wider));
    expect(await outcome(app)).toEqual({
      locked: false,
      refused: ATTEMPTS.filter((it) => !allowed.includes(it)),
      allowed,
    });
    // Then nothing on the page asks for a kubeconfig.
    await expect(app.getByText("Do not paste a kubeconfig here.")).toBeVisible();
    await expect(app.locator("textarea, input[type=file]")).toHaveCount(0);
    const tries = `Network open: ${allowed.length} of ${ATTEMPTS.length} tries got through`;
    await app.getByRole("button", { name: tries }).click();
    const panel = app.getByRole("dialog", { name: "Prove it yourself" });
    await expect(panel).toContainText("Do not paste a kubeconfig that matters.");
    await expect(panel.locator(".attempts")).toContainText(`not refused ${allowed[0]}`);
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

// The directives that send nothing by themselves, each widened in every policy that speaks of it.
const relaxed = {
  "base-uri": [[/base-uri 'none';/g, ""]],
  "script-src": [[/default-src 'none'/g, "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval'"], TRUSTED],
  "worker-src": [[/default-src 'none'/g, "default-src 'none'; worker-src blob:"], TRUSTED],
  "require-trusted-types-for": [[/require-trusted-types-for 'script';/g, ""]],
  "trusted-types": [[/; trusted-types 'none'/g, ""]],
};
for (const [directive, changes] of Object.entries(relaxed)) {
  test(`${directive} forbids what it is there for, and is missed when it is gone`, async ({ page, app, open, changed }) => {
    expect(await app.evaluate(forbidden[directive])).toBe(true);
    expect(await page.evaluate(forbidden[directive])).toBe(true);
    const without = await open(await changed(weaken(changes)));
    expect(await without.evaluate(forbidden[directive])).toBe(false);
  });
}

// Every directive, and nothing beside: a policy that is changed in any way fails here, and a script or
// style is let in by its own hash or not at all.
for (const [file, connect] of [["index.html", "'self'"], ["kubeconfig-inspector.html", "'none'"]]) {
  test(`${file} has exactly the policy that is promised, in both of its documents`, () => {
    const html = readFileSync(`${DIST}/${file}`, "utf8");
    const [, quoted] = html.match(/ srcdoc="([^"]*)"/);
    const names = { "&quot;": '"', "&lt;": "<", "&gt;": ">", "&amp;": "&" };
    const frame = parts(quoted.replaceAll(/&\w+;/g, (it) => names[it]));
    const page = parts(html.replace(quoted, ""));
    expect([page.scripts.length, page.styles.length, frame.scripts.length, frame.styles.length]).toEqual([1, 1, 1, 1]);
    expect(frame.policies).toEqual([promised(frame.scripts, frame.styles, "'none'")]);
    // The frame's document is bound by the policy of the one around it as well.
    const scripts = [...page.scripts, ...frame.scripts];
    expect(page.policies).toEqual([promised(scripts, [...page.styles, ...frame.styles], connect)]);
  });
}

function parts(html) {
  const found = (pattern) => [...html.matchAll(pattern)].map(([, it]) => it);
  const hashes = (texts) => texts.map((it) => `'sha384-${createHash("sha384").update(it).digest("base64")}'`);
  return {
    policies: found(/<meta http-equiv="Content-Security-Policy" content="([^"]*)">/g),
    scripts: hashes(found(/<script(?! type="application)[^>]*>([^]*?)<\/script>/g)),
    styles: hashes(found(/<style>([^]*?)<\/style>/g)),
  };
}

function promised(scripts, styles, connect) {
  return (
    `default-src 'none'; script-src ${scripts.join(" ")} 'wasm-unsafe-eval'; style-src ${styles.join(" ")}; ` +
    `img-src data:; connect-src ${connect}; frame-src blob:; worker-src 'none'; form-action 'none'; ` +
    "base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
  );
}

test("both documents are locked by a second policy before the program runs", async ({ page, app }) => {
  const last = () => [...document.querySelectorAll("meta[http-equiv=Content-Security-Policy]")].at(-1).content;
  expect(await app.evaluate(last)).toBe("default-src 'none'");
  expect(await page.evaluate(last)).toBe("default-src 'none'; frame-src blob:");
  // What the first policy allows and the second does not.
  for (const document of [page.mainFrame(), app]) {
    const compiled = () => WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(() => true, () => false);
    expect(await document.evaluate(compiled)).toBe(false);
  }
});

test("the panel says which policies hold, what they do not cover, and which build this is", async ({ app }) => {
  await app.getByRole("button", { name: `Network locked: ${ATTEMPTS.length} of ${ATTEMPTS.length} tries refused` }).click();
  const panel = app.getByRole("dialog", { name: "Prove it yourself" });
  const said = (await panel.textContent()).replaceAll(/\s+/g, " ");
  for (const name of ATTEMPTS) {
    expect(said).toContain(`refused ${name}`);
  }
  const html = readFileSync(`${DIST}/index.html`, "utf8");
  const policies = await app.evaluate(() => inspector.policy());
  expect(html).toContain(policies.split("\n")[0]);
  expect(said).toContain(policies.replaceAll(/\s+/g, " "));
  expect(said).toContain("0 requests, counted by the browser");
  for (const word of ["reloading the page", "own connections", "extensions", "clipboard", "The server"]) {
    expect(said).toContain(word);
  }
  const manifest = readFileSync(new URL("../../Cargo.toml", import.meta.url), "utf8");
  expect(said).toContain(`Version${manifest.match(/^version = "(.*)"$/m)[1]}`);
  expect(said).toMatch(/Commit[0-9a-f]{40}/);
  expect(said).toContain(published(readdirSync(DIST).find((it) => it.endsWith(".wasm"))));
  expect(said).toContain("cargo xtask dist");
});

// The server that `app` comes from sees no request for it: see `site` in fixtures.js.
test("the page saves itself as the published single file, without any network", async ({ page, app, context }) => {
  await context.setOffline(true);
  expect(await savePage(page, app)).toBe(published("kubeconfig-inspector.html"));
  const panel = app.getByRole("dialog", { name: "Prove it yourself" });
  await expect(panel).toContainText(published("kubeconfig-inspector.html"));
});

test("the single file saves itself from a disk", async ({ page, open }) => {
  const app = await open(SINGLE);
  expect(await savePage(page, app)).toBe(published("kubeconfig-inspector.html"));
  await expect(app.getByRole("dialog", { name: "Prove it yourself" })).toContainText("This page is that file.");
});

// The program cannot put anything into the file: it is made outside of the frame.
test("what the frame asks for does not change the file that is saved", async ({ page, app }) => {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    app.evaluate(() => {
      document.body.append("changed");
      parent.postMessage({ kind: "save", value: "changed" }, "*");
    }),
  ]);
  expect(digest(readFileSync(await download.path()))).toBe(published("kubeconfig-inspector.html"));
});

test("the panel's number of requests is counted, not said", async ({ page, open, changed }) => {
  const app = await open(await changed(unlocked));
  const requests = () => app.evaluate(() => inspector.requests());
  const before = await requests();
  await app.evaluate(() => fetch(document.baseURI));
  await expect.poll(requests).toBe(before + 1);
});

test("the WASM is only run when it is the one that belongs to the page", async ({ page, changed }) => {
  const url = await changed((name, bytes) => {
    if (name.endsWith(".wasm")) {
      bytes[bytes.length - 1] ^= 1;
    }
    return bytes;
  });
  await page.goto(url);
  await expect(page.frameLocator("#app").getByRole("alert")).toContainText("is not the one that belongs to it");
  await expect(page.locator("html.started")).toHaveCount(0);
});
