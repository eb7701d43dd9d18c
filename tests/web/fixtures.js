// What the browser tests share: the built page on a server of its own, opened and started.
//
//   site    the server: `url`, and `requests`, every request that it saw
//   open    opens an address and returns the frame that the program lives in, once it runs
//   app     that frame, for the page as built
//   slow    a server that holds the WASM back until `release` is called
//   early   the frame of the page on that server, once it shows the field
//   said    what the browser's console said since the program runs

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { expect, test as base } from "@playwright/test";

import { PREFIX, serve } from "./server.js";

export { expect };

export const DIST = new URL("../../dist", import.meta.url).pathname;
export const SINGLE = new URL("../../dist/kubeconfig-inspector.html", import.meta.url).href;

export const test = base.extend({
  site: async ({}, use) => {
    const site = await serve(DIST);
    await use(site);
    await site.close();
    // Whatever a test has done with the page: the server saw it loaded, and nothing else.
    const loaded = new RegExp(`^GET ${PREFIX}(index\\.html(\\?a=b)?|kubeconfig-inspector-[0-9a-f]{16}\\.wasm)?$`);
    expect(site.requests.filter((it) => !loaded.test(it))).toEqual([]);
  },
  open: async ({ page }, use) => {
    await use((url) => openPage(page, url));
  },
  app: async ({ page, site }, use) => {
    await use(await openPage(page, site.url));
  },
  slow: async ({}, use) => {
    const slow = await serveSlowly();
    await use(slow);
    await slow.close();
  },
  early: async ({ page, slow }, use) => {
    await page.goto(slow.url);
    await page.locator("html.shown").waitFor({ state: "attached" });
    await use(await (await page.locator("#app").elementHandle()).contentFrame());
  },
  said: async ({ app, page }, use) => {
    const said = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(String(error)));
    await use(said);
  },
});

// Serves the page as `change` makes it, and its WASM only when `release` was called.
export async function serveSlowly(change = (_, bytes) => bytes) {
  let release;
  const held = new Promise((done) => (release = done));
  const site = await serve(DIST, {
    change: async (name, bytes) => {
      if (name.endsWith(".wasm")) {
        await held;
      }
      return change(name, bytes);
    },
  });
  return { ...site, release };
}

// Opens `url` in `page` and waits for the program.
export async function openPage(page, url) {
  await page.goto(url);
  await page.locator("html.started").waitFor({ state: "attached" });
  return (await page.locator("#app").elementHandle()).contentFrame();
}

// SHA-256 of what a build published under that name.
export function published(name) {
  const lines = readFileSync(`${DIST}/SHA256SUMS`, "utf8").trim().split("\n");
  return lines.map((it) => it.split("  ")).find(([, it]) => it === name)[0];
}

// SHA-256 as `sha256sum` writes it.
export function digest(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

// Lets the page save itself, as a person does, and returns the SHA-256 of what was saved.
export async function savePage(page, app) {
  await app.getByRole("button", { name: "Network locked" }).click();
  const save = app.getByRole("button", { name: "Save kubeconfig-inspector.html" });
  const [download] = await Promise.all([page.waitForEvent("download"), save.click()]);
  expect(download.suggestedFilename()).toBe("kubeconfig-inspector.html");
  return digest(readFileSync(await download.path()));
}
