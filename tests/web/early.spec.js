// What happens before the program has arrived: its WASM is held back, the field is there already, and
// nothing that is handed in is lost.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";

import axe from "axe-core";

import { DIST, expect, serveSlowly, test as base } from "./fixtures.js";
import { drop, large, paste, pasteInto, sample, verdict, withToken } from "./given.js";
import { sink } from "./sink.js";
import { attempt, vectors } from "./vectors.js";
import { weaken } from "./weaken.js";

const test = base.extend({
  elsewhere: async ({}, use) => {
    const it = await sink();
    await use(it);
    await it.close();
  },
});

const frame = async (page) => (await page.locator("#app").elementHandle()).contentFrame();
const started = (page) => page.locator("html.started").waitFor({ state: "attached" });
const field = (app) => app.locator("#input");
const status = (app) => app.locator("#coming");

// The page with a script before its own in the frame. Scripts that the driver adds may come too late.
function preceded(script) {
  const names = { "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" };
  const escaped = `<script>(${script})()</script><div id="app">`.replace(/[&"<>]/g, (it) => names[it]);
  return serveSlowly(weaken([[/&lt;div id=&quot;app&quot;&gt;/g, () => escaped]]));
}

test("the field is shown when the browser has refused every attempt, and not before", async ({ page }) => {
  const slow = await preceded(() => {
    const refused = new Set();
    document.addEventListener("securitypolicyviolation", ({ blockedURI }) => refused.add(blockedURI.split(/[/.]+/)[1]));
    new MutationObserver(() => {
      if (document.getElementById("input")) {
        globalThis.refused ??= [...refused].sort();
      }
    }).observe(document, { childList: true, subtree: true });
  });
  await page.goto(slow.url);
  const app = await frame(page);
  await expect(field(app)).toBeVisible();
  // A script is refused by Trusted Types, which name no address.
  const names = "beacon eventsource fetch font frame image media stylesheet websocket xmlhttprequest".split(" ");
  expect(await app.evaluate(() => globalThis.refused)).toEqual(expect.arrayContaining(names));
  expect(await app.evaluate(() => typeof inspector)).toBe("undefined");
  await expect(status(app)).toHaveText(/^The network is locked\. Paste or type now/);
  await expect(status(app)).toHaveRole("status");
  await slow.close();
});

test("nothing gets out before the program is there, neither elsewhere nor to the page's own host", async ({ page, early, slow, elsewhere }) => {
  await field(early).fill(withToken());
  const fetched = (to) => fetch(to, { mode: "no-cors" }).then(() => "sent", () => "refused");
  expect(await early.evaluate(fetched, elsewhere.address("fetch"))).toBe("refused");
  for (const [name, vector] of Object.entries(vectors)) {
    await early.evaluate(attempt(vector, elsewhere.address(name)));
    await early.evaluate(attempt(vector, `${slow.url}leak/${encodeURIComponent(name)}`));
  }
  await page.waitForTimeout(1500);
  expect([...elsewhere.reached]).toEqual([]);
  expect(slow.requests.length).toBe(2);
  // The page around cannot look in.
  expect(await page.evaluate(() => document.getElementById("app").contentDocument)).toBe(null);
});

test("the proof holds for what is added: three policies, and the last allows nothing", async ({ page, early, slow }) => {
  const policies = () => [...document.querySelectorAll("meta[http-equiv=Content-Security-Policy]")].map((it) => it.content);
  const before = await early.evaluate(policies);
  expect(before.slice(1)).toEqual(["default-src 'none'; script-src 'wasm-unsafe-eval'"]);
  slow.release();
  await started(page);
  expect(await early.evaluate(policies)).toEqual([...before, "default-src 'none'"]);
  expect(await early.evaluate(() => inspector.policy())).toBe([...before, "default-src 'none'"].join("\n"));
});

test("keys that are typed while the program takes over all arrive, where the caret is", async ({ page, early, slow }) => {
  await field(early).click();
  await page.keyboard.type("the end");
  await page.keyboard.press("Home");
  let typed = "";
  const key = async () => {
    const it = String(typed.length % 10);
    await page.keyboard.press(it);
    typed += it;
  };
  for (let n = 0; n < 20; n++) await key();
  slow.release();
  // Until it runs, and then some.
  while (!(await early.evaluate(() => "inspector" in globalThis))) await key();
  for (let n = 0; n < 20; n++) await key();
  await expect(field(early)).toHaveValue(`${typed}the end`);
  await expect(field(early)).toBeFocused();
  await expect(verdict(early)).toBeVisible();
  await expect(early.getByRole("button", { name: "Clear" })).toBeVisible();
});

test("typed text, selection and focus are taken over in one turn, and answered", async ({ page, early, slow }) => {
  await field(early).click();
  await page.keyboard.type("apiVersion: v1");
  await page.keyboard.press("Home");
  for (let n = 0; n < 3; n++) await page.keyboard.press("Shift+ArrowRight");
  // What every task between finds in the field.
  await early.evaluate(() => {
    globalThis.seen = new Set();
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      const it = document.activeElement;
      globalThis.seen.add(`${it.id} ${it.value} ${it.selectionStart}-${it.selectionEnd}`);
      if (!document.getElementById("verdict")) port2.postMessage("");
    };
    port2.postMessage("");
  });
  slow.release();
  await expect(verdict(early)).toBeVisible();
  expect(await early.evaluate(() => [...globalThis.seen])).toEqual(["input apiVersion: v1 0-3"]);
  await expect(field(early)).toHaveValue("apiVersion: v1");
});

test("nobody's focus is taken who is elsewhere", async ({ page, early, slow }) => {
  await field(early).fill("apiVersion: v1");
  await field(early).blur();
  slow.release();
  await expect(verdict(early)).toBeVisible();
  await expect(field(early)).not.toBeFocused();
});

test("what is pasted into the field is answered, and the field makes room", async ({ early, slow }) => {
  await pasteInto(early, "#input", sample("ack.yaml"));
  await expect(field(early)).toHaveValue(sample("ack.yaml"));
  slow.release();
  await expect(verdict(early)).toContainText("Works until 10 January 2036");
  await expect(field(early)).toHaveCount(0);
  await expect(early.locator(".file")).toHaveText(/^pasted/);
});

test("what is pasted anywhere is answered", async ({ early, slow }) => {
  await paste(early, sample("ack.yaml"));
  await expect(status(early)).toHaveText(/^Taken\./);
  slow.release();
  await expect(verdict(early)).toContainText("Works until 10 January 2036");
  await expect(early.locator(".file")).toHaveText(/^pasted/);
});

test("a long text is never laid out in the field", async ({ early, slow }) => {
  const text = large(2500);
  expect(text.length).toBeGreaterThan(200_000);
  await pasteInto(early, "#input", text);
  await expect(field(early)).toHaveValue("");
  await expect(status(early)).toHaveText(/^Taken\./);
  slow.release();
  await expect(early.locator("#contexts")).toContainText("2500");
  await expect(field(early)).toHaveCount(0);
});

test("a dropped file does not replace the page, and is answered", async ({ page, early, slow, context }, info) => {
  const folder = info.outputPath("kubeconfigs");
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/one.yaml`, withToken({ context: "one" }));
  const session = await context.newCDPSession(page);
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    const data = { items: [], files: [`${folder}/one.yaml`, folder], dragOperationsMask: 1 };
    await session.send("Input.dispatchDragEvent", { type, x: 640, y: 400, data });
  }
  await expect(status(early)).toHaveText(/^Taken\./);
  slow.release();
  await expect(early.locator(".contexts tbody tr th")).toHaveText(/one.*one\.yaml/);
  // Chromium opens no folder in this frame; that it was there is not forgotten.
  await expect(early.getByRole("alert").getByRole("listitem")).toContainText("kubeconfigs");
});

test("the browser is kept from opening what is dropped", async ({ early }) => {
  const kept = await early.evaluate(() =>
    ["dragover", "drop"].flatMap((type) =>
      [document.body, document.getElementById("input")].map((target) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File(["kind: Config"], "a.yaml"));
        return !target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      }),
    ),
  );
  expect(kept).toEqual([true, true, true, true]);
});

test("a folder that was dropped is read where the browser opens it", async ({ early, slow }) => {
  await early.evaluate((text) => {
    const file = { isFile: true, fullPath: "/folder/deep.yaml", file: (done) => done(new File([text], "deep.yaml")) };
    let portions = [[file], []];
    const createReader = () => ({ readEntries: (done) => done(portions.shift()) });
    const folder = { isDirectory: true, isFile: false, fullPath: "/folder", createReader };
    DataTransferItem.prototype.webkitGetAsEntry = () => folder;
    const data = new DataTransfer();
    data.items.add(new File([""], "folder"));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    // Asked for later, as a browser answers then.
    DataTransferItem.prototype.webkitGetAsEntry = () => null;
  }, withToken({ context: "deep" }));
  slow.release();
  await expect(early.locator(".contexts tbody tr th")).toHaveText(/deep.*folder\/deep\.yaml/);
});

test("several things are all taken, in order", async ({ early, slow }) => {
  const text = (context) => withToken({ context });
  await drop(early, { "a.yaml": text("a"), "b.yaml": text("b") });
  await paste(early, text("c"));
  await pasteInto(early, "#input", large(2500));
  await drop(early, { "d.yaml": text("d") });
  await field(early).fill(text("typed"));
  slow.release();
  await expect(early.locator(".file")).toHaveText([/^pasted/, /^a\.yaml/, /^b\.yaml/, /^pasted \(2\)/, /^pasted \(3\)/, /^d\.yaml/]);
  for (const context of ["typed", "a", "b", "c", "c7", "d"]) {
    await early.locator("#find").fill(context);
    await expect(early.getByRole("row", { name: context }).first()).toBeVisible();
  }
});

test("nothing of it stays behind", async ({ page, early, slow }) => {
  await paste(early, withToken());
  await drop(early, { "a.yaml": withToken() });
  slow.release();
  await expect(verdict(early)).toBeVisible();
  expect(await early.evaluate(() => inspector.early())).toBe(undefined);
  await early.getByRole("button", { name: "Clear" }).click();
  await expect(field(early)).toHaveValue("");
  await expect(early.locator("#coming")).toHaveCount(0);
  await expect(early.getByText("Will this kubeconfig work")).toHaveCount(1);
  await page.waitForTimeout(500);
  await expect(early.locator(".file")).toHaveCount(0);
});

const FAILURES = {
  "does not arrive": () => {
    throw new Error("not found");
  },
  "is another one": (bytes) => bytes.fill(0, -1),
};
for (const [how, fail] of Object.entries(FAILURES)) {
  test(`where the WASM ${how} the page says so, and what was handed in stays`, async ({ page }) => {
    const slow = await serveSlowly((name, bytes) => (name.endsWith(".wasm") ? fail(bytes) : bytes));
    await page.goto(slow.url);
    const app = await frame(page);
    await field(app).click();
    await page.keyboard.type("typed early");
    await paste(app, "pasted early");
    slow.release();
    await expect(app.getByRole("alert")).toBeVisible();
    await expect(app.getByRole("alert")).toContainText("a file of it did not arrive, or is not the one that belongs to it");
    const left = app.getByLabel("Pasted or typed");
    await expect(left).toHaveCount(2);
    for (const [n, text] of ["pasted early", "typed early"].entries()) {
      await expect(left.nth(n)).toBeVisible();
      await expect(left.nth(n)).toHaveValue(text);
    }
    await expect(page.locator("html.started")).toHaveCount(0);
    await slow.close();
  });
}

test("where the program cannot start, what was handed in stays", async ({ page, slow }) => {
  await page.addInitScript(() => {
    WebAssembly.compile = async () => {
      throw new WebAssembly.CompileError("too new");
    };
  });
  await page.goto(slow.url);
  const app = await frame(page);
  await field(app).fill("typed early");
  slow.release();
  await expect(app.getByRole("alert")).toContainText("no WebAssembly, or an old one");
  await expect(app.getByLabel("Pasted or typed")).toBeVisible();
  await expect(app.getByLabel("Pasted or typed")).toHaveValue("typed early");
});

test("where the lock is not proven there is no early field", async ({ page }) => {
  const change = weaken([
    [/connect-src [^;&"]*;/g, ""],
    [/default-src 'none'/g, "default-src 'none'; connect-src *"],
  ]);
  const slow = await serveSlowly(change);
  await page.goto(slow.url);
  const app = await frame(page);
  // The proof waits for two seconds.
  await page.waitForTimeout(3000);
  await expect(field(app)).toHaveCount(0);
  await expect(page.locator("#status")).toBeVisible();
  await expect(page.locator("#status")).toHaveText("Starting. Nothing is asked of you until the network is locked.");
  slow.release();
  await expect(app.getByText("Do not paste a kubeconfig here.")).toBeVisible();
  await expect(field(app)).toHaveCount(0);
  await slow.close();
});

test("a browser without WebAssembly is not asked for anything", async ({ page }) => {
  const slow = await preceded(() => delete globalThis.WebAssembly);
  await page.goto(slow.url);
  await page.waitForTimeout(1000);
  await expect(field(await frame(page))).toHaveCount(0);
  await expect(page.locator("#status")).toBeVisible();
  await slow.close();
});

// Every element of bar, promise and editor, and where it is.
const look = () =>
  [...document.querySelectorAll(".bar, .bar *, .hero, .hero *, .editor, .editor *")].map((it) => {
    const { x, y, width, height } = it.getBoundingClientRect();
    const copy = it.cloneNode(false);
    copy.removeAttribute("disabled");
    const attributes = [...copy.attributes].map(({ name, value }) => `${name}=${value === name ? "" : value}`).sort();
    const color = getComputedStyle(it).color;
    return [it.localName, ...attributes, it.children.length || it.textContent, color, x, y, width, height].join(" ");
  });

for (const [width, colorScheme] of [[390, "light"], [1280, "dark"], [1920, "light"]]) {
  test(`nothing moves when the program takes over: ${width} pixels, ${colorScheme}`, async ({ page, early, slow }) => {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await expect(field(early)).toHaveAccessibleName("Your kubeconfig");
    await expect(field(early)).toHaveAccessibleDescription("");
    await early.evaluate(axe.source);
    expect(await early.evaluate(() => axe.run().then((it) => it.violations.map(({ id }) => id)))).toEqual([]);
    const before = await early.evaluate(look);
    const tall = await early.evaluate(() => document.documentElement.scrollHeight);
    await page.screenshot({ path: `artefacts/looks/early-${width}-${colorScheme}.png` });
    slow.release();
    await started(page);
    // A picture hides the caret by styles of its own.
    await early.locator("[style]").evaluateAll((them) => them.forEach((it) => it.removeAttribute("style")));
    expect(await early.evaluate(look)).toEqual(before);
    // A scroll bar that came with the program would move everything; on a phone it takes no room.
    if (width > 1000) {
      const now = await early.evaluate(() => document.documentElement.scrollHeight);
      expect(Math.abs(now - tall)).toBeLessThan(20);
    }
    await expect(field(early)).toHaveAccessibleName("Your kubeconfig");
    await expect(field(early)).toHaveAccessibleDescription("");
    await page.screenshot({ path: `artefacts/looks/taken-over-${width}-${colorScheme}.png` });
  });
}

test("the state is said once, and once more when something is taken", async ({ page }) => {
  const slow = await preceded(() => {
    globalThis.said = [];
    new MutationObserver((changes) => {
      for (const { target, addedNodes } of changes) {
        if (target.nodeType === 1 && target.matches("[role=status]")) {
          globalThis.said.push(...[...addedNodes].map((it) => it.textContent));
        }
      }
    }).observe(document, { childList: true, subtree: true });
  });
  await page.goto(slow.url);
  const app = await frame(page);
  await expect(status(app)).not.toBeEmpty();
  await paste(app, withToken());
  await page.waitForTimeout(500);
  expect(await app.evaluate(() => globalThis.said)).toEqual([expect.stringMatching(/^The network is locked/), expect.stringMatching(/^Taken\./)]);
  await slow.close();
});

test("the single file shows its field before its end has arrived", async ({ page }) => {
  const html = readFileSync(`${DIST}/kubeconfig-inspector.html`, "utf8");
  const at = html.indexOf('<script type="application/wasm"') + 1000;
  let release;
  const held = new Promise((done) => (release = done));
  const server = createServer(async (_, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.write(html.slice(0, at));
    await held;
    response.end(html.slice(at));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  await page.goto(`http://127.0.0.1:${server.address().port}/`, { waitUntil: "commit" });
  const app = await frame(page);
  await field(app).click();
  await page.keyboard.type("apiVersion: v1");
  release();
  await expect(verdict(app)).toBeVisible();
  await expect(field(app)).toHaveValue("apiVersion: v1");
  await expect(field(app)).toBeFocused();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

test("what cannot be pressed yet looks so", async ({ page, early, slow }) => {
  const press = (app) => [app.getByRole("button", { name: "Help and shortcuts" }), app.locator(".picker", { hasText: "Choose files" })];
  for (const it of press(early)) {
    await expect(it).not.toHaveCSS("opacity", "1");
  }
  await expect(field(early)).toHaveCSS("opacity", "1");
  slow.release();
  await started(page);
  for (const it of press(await frame(page))) {
    await expect(it).toHaveCSS("opacity", "1");
  }
});
