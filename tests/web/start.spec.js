// How the page starts, and what it says when it cannot.

import { readFileSync } from "node:fs";

import axe from "axe-core";

import { DIST, expect, test } from "./fixtures.js";
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
  await expect(page.locator("#status")).toContainText("a file of it did not arrive");
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

test("a mistake of ours is told, keeps the input, and one click starts afresh", async ({ page, app }) => {
  await app.evaluate(() => {
    const text = Object.assign(document.createElement("textarea"), { id: "kept", value: "what was pasted" });
    document.body.append(text);
    inspector.panicked("index out of bounds");
  });
  await expect(app.getByRole("alert")).toContainText("index out of bounds");
  expect(await app.locator("#kept").inputValue()).toBe("what was pasted");
  await Promise.all([page.waitForEvent("load"), app.getByRole("button", { name: "Start afresh" }).click()]);
  await expect(page.locator("html.started")).toBeAttached();
});

test("works at any address: without a slash at its end, with a query, with a fragment", async ({ page, site, open }) => {
  const app = await open(`${site.url}index.html?a=b#c`);
  expect(await app.evaluate(() => inspector.locked())).toBe(true);
  expect(page.url()).toBe(`${site.url}index.html?a=b#c`);
});

test("a link to a place in the document scrolls, and leaves the program where it is", async ({ app, site }) => {
  await app.evaluate(() => {
    const place = Object.assign(document.createElement("h2"), { id: "place", textContent: "here", tabIndex: -1 });
    place.style.marginTop = "3000px";
    const link = Object.assign(document.createElement("a"), { href: "#place", textContent: "go", id: "go" });
    document.body.prepend(link);
    document.body.append(place);
    link.click();
  });
  expect(await app.evaluate(() => document.activeElement.id)).toBe("place");
  await expect(app.locator("#place")).toBeInViewport();
  expect(site.requests.length).toBe(2);
});

test("a link to the documentation opens in a window of its own, and only there", async ({ page, app, context }) => {
  await context.route("https://kubernetes.io/**", (route) => route.fulfill({ body: "documentation" }));
  await app.evaluate(() => {
    const link = Object.assign(document.createElement("a"), { href: "https://kubernetes.io/docs/", target: "_blank" });
    link.id = "docs";
    link.textContent = "documentation";
    document.body.prepend(link);
  });
  const [opened] = await Promise.all([context.waitForEvent("page"), app.locator("#docs").click()]);
  await opened.waitForURL("https://kubernetes.io/docs/");
  expect(await opened.evaluate(() => window.opener)).toBe(null);
  await expect(page.locator("html.started")).toBeAttached();
});

test("files dropped from the desktop reach the program", async ({ page, app, context }) => {
  await app.evaluate(() => {
    addEventListener("drop", (event) => (globalThis.dropped = [...event.dataTransfer.files].map((it) => it.name)), true);
  });
  const session = await context.newCDPSession(page);
  const files = [`${DIST}/SHA256SUMS`, `${DIST}/_headers`];
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    const data = { items: [], files, dragOperationsMask: 1 };
    await session.send("Input.dispatchDragEvent", { type, x: 640, y: 400, data });
  }
  await expect.poll(() => app.evaluate(() => globalThis.dropped)).toEqual(["SHA256SUMS", "_headers"]);
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
