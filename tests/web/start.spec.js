// How the page starts, and what it says when it cannot.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

import axe from "axe-core";

import { chromium } from "./browsers.js";
import { panic } from "./faults.js";
import { DIST, expect, openPage, test } from "./fixtures.js";
import { paste, verdict, withToken } from "./given.js";
import { serve } from "./server.js";

// Opens the page as `change` makes it.
async function changed(page, change) {
  const site = await serve(DIST, { change });
  await page.goto(site.url);
  return site;
}

test("without JavaScript the page says what it needs", async ({ page }) => {
  // The tools that drive a browser need scripts themselves: only the page's own are taken away.
  const site = await changed(page, (name, bytes) =>
    name === "index.html" ? bytes.toString().replaceAll(/<script[^]*?<\/script>|<\/?noscript>/g, "") : bytes,
  );
  await expect(page.getByText("JavaScript is switched off.")).toBeVisible();
  await site.close();
});

test("a file that does not arrive is said, not swallowed", async ({ page }) => {
  const site = await changed(page, (name, bytes) => {
    if (name.endsWith(".wasm")) {
      throw new Error("not found");
    }
    return bytes;
  });
  await expect(page.frameLocator("#app").getByRole("alert")).toContainText("a file of it did not arrive");
  await site.close();
});

test("a browser that runs none of it is told what it takes", async ({ page }) => {
  const site = await changed(page, (name, bytes) =>
    name === "index.html" ? bytes.toString().replace(/<script[^]*?<\/script>/, "") : bytes,
  );
  await expect(page.getByText("The program of this page has not started.")).toBeVisible({ timeout: 15_000 });
  await site.close();
});

test("a browser without WebAssembly is told so", async ({ page, site }) => {
  await page.addInitScript(() => delete globalThis.WebAssembly);
  await page.goto(site.url);
  const app = await (await page.locator("#app").elementHandle()).contentFrame();
  await expect(app.getByRole("alert")).toContainText("no WebAssembly");
});

test("a panic in the program is told, keeps the input, and one click starts afresh", async ({ page, app, said }) => {
  await paste(app, withToken({ context: "first" }));
  await expect(verdict(app)).toBeVisible();
  await app.locator("#message").fill("error: You must be logged in to the server");
  await panic(app);
  const alert = app.getByRole("alert");
  await expect(alert).toContainText("This page has stopped because of a mistake in it.");
  await expect(alert).toContainText(/wasm-function\[\d+\]:0x[0-9a-f]+, version \d+\.\d+\.\d+, commit [0-9a-f]{40}/);
  // Nothing of the program is left on the page, and what was handed in is covered.
  await expect(verdict(app)).toHaveCount(0);
  await expect(app.getByText("a-token-for-the-tests")).toHaveCount(0);
  const kept = app.getByLabel("Pasted or typed");
  await expect(kept.first()).toBeHidden();
  await app.getByText("Show what was pasted or typed").click();
  expect(await kept.first().inputValue()).toBe(withToken({ context: "first" }));
  expect(await kept.last().inputValue()).toBe("error: You must be logged in to the server");
  expect(said).toEqual([]);
  await Promise.all([page.waitForEvent("load"), app.getByRole("button", { name: "Start afresh" }).click()]);
  await expect(page.locator("html.started")).toBeAttached();
});

test("a text too long for the field is handed back, too, however often another one was removed", async ({ app }) => {
  // Of the two names one puts the halves of a character into two pieces.
  const long = (context) => `${withToken({ context })}\n# ${"𝄞".repeat(150_000)}`;
  await paste(app, long("first"));
  await expect(app.locator(".verdict")).toContainText("first");
  await app.getByRole("button", { name: "Remove pasted" }).click();
  await paste(app, long("second"));
  await expect(app.locator(".verdict")).toContainText("second");
  await panic(app);
  await app.getByText("Show what was pasted or typed").click();
  const kept = app.getByLabel("Pasted or typed");
  await expect(kept).toHaveCount(1);
  expect(await kept.inputValue()).toBe(long("second"));
});

test("a text that was typed into the field is handed back, too", async ({ app }) => {
  await app.locator("#input").fill(withToken());
  await expect(verdict(app)).toBeVisible();
  await app.getByRole("button", { name: "Cover the secrets" }).click();
  await expect(app.locator("#input")).toHaveCount(0);
  await panic(app);
  await app.getByText("Show what was pasted or typed").click();
  expect(await app.getByLabel("Pasted or typed").inputValue()).toBe(withToken());
});

for (const [button, inputs] of [["Clear", 1], ["Remove pasted", 2]]) {
  test(`after ${button} nothing is kept for a panic`, async ({ app }) => {
    for (let n = 0; n < inputs; n++) {
      await paste(app, withToken({ context: `context-${n}` }));
      await expect(app.getByRole("row", { name: `context-${n}` })).toBeVisible();
    }
    await app.getByRole("button", { name: button, exact: true }).first().click();
    await panic(app);
    await expect(app.getByRole("alert")).toContainText("Nothing was sent anywhere. Files are where you took them from. ");
    await expect(app.locator("textarea")).toHaveCount(0);
  });
}

test("a full memory is told apart from a mistake", async ({ page, site, open }) => {
  // The program finds no room, and neither does the page when it looks.
  await page.addInitScript(() => {
    WebAssembly.Memory.prototype.grow = () => {
      throw new RangeError("no");
    };
  });
  const app = await open(site.url);
  await paste(app, withToken());
  await panic(app);
  await expect(app.getByRole("alert")).toContainText("the browser gives it no more memory");
  await expect(app.getByRole("alert")).toContainText("Start afresh with fewer or smaller files.");
  await expect(app.getByLabel("Pasted or typed")).toHaveCount(1);
});

test("over plain http on another host it starts locked, reads, and copies", async ({ playwright, site }) => {
  // There, browsers have neither `crypto.subtle` nor `navigator.clipboard`.
  const options = chromium();
  options.args = [...options.args, "--host-resolver-rules=MAP page.example 127.0.0.1"];
  const browser = await playwright.chromium.launch(options);
  const page = await browser.newPage();
  const app = await openPage(page, site.url.replace("127.0.0.1", "page.example"));
  expect(await app.evaluate(() => [isSecureContext, typeof crypto.subtle, typeof navigator.clipboard])).toEqual([
    false,
    "undefined",
    "undefined",
  ]);
  expect(await app.evaluate(() => inspector.locked())).toBe(true);
  await paste(app, withToken());
  await expect(verdict(app)).toBeVisible();
  await app.getByRole("button", { name: "Copy ticket summary", exact: true }).click();
  await expect(app.locator(".toast")).toHaveText("Copied.");
  await browser.close();
});

test("where nothing may be copied the page says so", async ({ page, site, open }) => {
  await page.addInitScript(() => {
    delete Navigator.prototype.clipboard;
    Document.prototype.execCommand = () => false;
  });
  const app = await open(site.url);
  await paste(app, withToken());
  await app.getByRole("button", { name: "Copy ticket summary", exact: true }).click();
  await expect(app.locator(".toast")).toContainText("The browser did not allow copying.");
  // The text is there, selected, for the browser's own way of copying.
  const field = app.getByRole("dialog", { name: "Select this and press Ctrl+C" }).getByRole("textbox");
  await expect(field).toBeFocused();
  await expect(field).toHaveValue(/10\.0\.0\.1:6443/);
  expect(await field.evaluate((it) => [it.selectionStart, it.selectionEnd === it.value.length])).toEqual([0, true]);
  await page.keyboard.press("Escape");
  await expect(app.getByRole("button", { name: "Copy ticket summary", exact: true })).toBeFocused();
  // A secret is shown by another button, and only by that.
  await app.getByRole("button", { name: "Copy Token" }).click();
  await expect(app.locator(".toast")).toContainText("The browser did not allow copying. Save it instead.");
  await expect(app.getByRole("dialog")).toHaveCount(0);
  expect(await app.evaluate(() => document.documentElement.outerHTML)).not.toContain("a-token-for-the-tests");
});

test("nothing can be stored, and nothing is missed", async ({ app }) => {
  const refused = await app.evaluate(() =>
    ["localStorage", "sessionStorage", "indexedDB", "caches"].filter((name) => {
      try {
        return name === "indexedDB" ? indexedDB.open("x") && false : globalThis[name] && false;
      } catch (error) {
        return error.name === "SecurityError";
      }
    }),
  );
  expect(refused).toEqual(expect.arrayContaining(["localStorage", "sessionStorage"]));
  expect(await app.evaluate(() => { try { return document.cookie; } catch (error) { return error.name; } })).toBe("SecurityError");
  await paste(app, withToken());
  await expect(verdict(app)).toBeVisible();
});

test("works at any address: without a slash at its end, with a query, with a fragment", async ({ page, site, open }) => {
  const app = await open(`${site.url}index.html?a=b#c`);
  expect(await app.evaluate(() => inspector.locked())).toBe(true);
  expect(page.url()).toBe(`${site.url}index.html?a=b#c`);
});

// Two files, one of them deep in a folder.
function folderOf(info) {
  const folder = info.outputPath("kubeconfigs");
  mkdirSync(`${folder}/deep/deeper`, { recursive: true });
  writeFileSync(`${folder}/one.yaml`, withToken({ context: "one" }));
  writeFileSync(`${folder}/deep/deeper/two.yaml`, withToken({ context: "two" }));
  return folder;
}

test("files dropped from the desktop are read, and a folder that Chromium does not open is named", async ({ page, app, context }, info) => {
  const folder = folderOf(info);
  const session = await context.newCDPSession(page);
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    const data = { items: [], files: [`${folder}/one.yaml`, folder], dragOperationsMask: 1 };
    await session.send("Input.dispatchDragEvent", { type, x: 640, y: 400, data });
  }
  await expect(app.locator(".contexts tbody tr th")).toHaveText(/one.*one\.yaml/);
  await expect(app.getByRole("alert").getByRole("listitem")).toContainText("kubeconfigs");
  await expect(app.getByRole("alert")).toContainText("Drop a folder on the place that appears for it");
});

test("a folder that is dropped on the place for folders is read with all that is in it", async ({ page, app, context }, info) => {
  const session = await context.newCDPSession(page);
  const data = { items: [], files: [folderOf(info)], dragOperationsMask: 1 };
  const drag = (type, { x, y }) => session.send("Input.dispatchDragEvent", { type, x, y, data });
  const middle = { x: 640, y: 300 };
  await drag("dragEnter", middle);
  await drag("dragOver", middle);
  const place = app.getByText("Drop a folder here");
  await place.waitFor();
  const { x, y, width, height } = await place.boundingBox();
  const there = { x: x + width / 2, y: y + height / 2 };
  // The browser asks the place first, as it does while a hand hovers, and lets go only then.
  await app.evaluate(() => {
    globalThis.hovered = 0;
    document.addEventListener("dragover", ({ target }) => (globalThis.hovered += target.type === "file"));
  });
  const hovered = async () => {
    await drag("dragOver", there);
    return app.evaluate(() => globalThis.hovered);
  };
  await expect.poll(hovered).toBeGreaterThan(1);
  await drag("drop", there);
  await expect(app.locator(".contexts tbody tr th")).toHaveCount(2);
  await expect(place).toHaveCount(0);
});

test("a folder that is chosen is read with all that is in it", async ({ app }, info) => {
  await app.locator("input[webkitdirectory]").setInputFiles(folderOf(info));
  const rows = app.locator(".contexts tbody tr th");
  await expect(rows).toHaveCount(2);
  await expect(rows.filter({ hasText: "kubeconfigs/one.yaml" })).toHaveCount(1);
  await expect(rows.filter({ hasText: "kubeconfigs/deep/deeper/two.yaml" })).toHaveCount(1);
});

test("the whole document is printed, not the part on the screen", async ({ page, app }) => {
  await app.evaluate(() => {
    const tall = document.createElement("div");
    tall.style.height = "5000px";
    document.body.append(tall);
  });
  const height = () =>
    page.evaluate(() => {
      dispatchEvent(new Event("beforeprint"));
      const height = document.getElementById("app").style.height;
      dispatchEvent(new Event("afterprint"));
      return parseFloat(height);
    });
  await expect.poll(height).toBeGreaterThanOrEqual(5000);
});

test("nothing in either document that assistive technology stumbles over", async ({ page, app }) => {
  for (const document of [page.mainFrame(), app]) {
    await document.evaluate(axe.source);
    const violations = await document.evaluate(() => axe.run().then((it) => it.violations.map(({ id }) => id)));
    expect(violations).toEqual([]);
  }
});

// The program can call nothing of the browser but what its imports name: no policy, however broken,
// gives it a way to send.
test("the WASM imports only what the list names", async () => {
  const sums = readFileSync(`${DIST}/SHA256SUMS`, "utf8");
  const file = sums.match(/\S+\.wasm$/m)[0];
  const module = await WebAssembly.compile(readFileSync(`${DIST}/${file}`));
  // `__wbg_focus_d5e2fdbdb56416f0` is `focus`; what the bindings generate for themselves has no such name.
  const imported = WebAssembly.Module.imports(module)
    .map(({ name }) => name.match(/^__wbg_(.+)_[0-9a-f]{16}$/)?.[1])
    .filter(Boolean);
  const list = readFileSync(new URL("imports.txt", import.meta.url), "utf8");
  const allowed = list.split("\n").filter((it) => it && !it.startsWith("#"));
  const added = [...new Set(imported)].filter((it) => !allowed.includes(it)).sort();
  expect(
    added,
    "The program can call more of the browser than before. Find who calls it; if it can send nothing and " +
      "open nothing, add it to tests/web/imports.txt.",
  ).toEqual([]);
  const senders =
    "fetch new_with_str new_with_request open send send_beacon sendBeacon new_with_protocols assign replace " +
    "reload set_location import eval new_no_args RTCPeerConnection Worker SharedWorker register postMessage";
  expect(allowed.filter((it) => senders.split(" ").includes(it))).toEqual([]);
});

test("what the page tries out unseen leaves no trace", async ({ page, app }) => {
  const before = await app.locator("body").innerText();
  // It has answered a sample by then.
  await app.evaluate(() => new Promise((done) => setTimeout(done, 1000)));
  expect(await app.locator("body").innerText()).toBe(before);
  await expect(app.locator("#verdict")).toHaveCount(0);
  expect(new URL(page.url()).hash).toBe("");
  // And it hears nothing.
  await paste(app, withToken());
  await expect(app.locator(".file")).toHaveCount(1);
  await expect(app.locator("#verdict")).toHaveCount(1);
});
