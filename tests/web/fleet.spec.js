// Many files and many contexts: the page stays quick, says how far it is, and can be stopped.

import { readdirSync, readFileSync } from "node:fs";

import { cancelEarly } from "./faults.js";
import { expect, test } from "./fixtures.js";
import { drop, holdBack, large, many, paste, pasteInto, verdict, withToken } from "./given.js";

test("a thousand files are read in slices, and the table builds what is in view", async ({ app }) => {
  test.slow();
  await drop(app, many(1000));
  await expect(app.locator("#contexts")).toContainText("1000, current first", { timeout: 20_000 });
  expect(await app.locator("table.contexts tbody tr").count()).toBeLessThan(40);
  // The place of rows that are not built is reckoned by that, wherever one scrolls to.
  const heights = await app.locator(".windowed tbody tr:not(.spacer)").evaluateAll((rows) => rows.map((it) => it.offsetHeight));
  expect([...new Set(heights)]).toEqual([56]);
  const window = app.locator(".windowed");
  await window.evaluate((it) => (it.scrollTop = it.scrollHeight));
  await expect(app.locator("tbody tr", { hasText: "context-999" }).first()).toBeVisible();
  await app.locator("#find").fill("context-512");
  await expect(app.locator("table.contexts tbody tr")).toHaveCount(1);
});

test("the first of many files is answered while the others are read", async ({ app }) => {
  const release = await holdBack(app, ["file-0.yaml"]);
  await drop(app, many(300));
  await expect(app.locator("tbody tr", { hasText: "context-0" }).first()).toBeVisible();
  await expect(app.locator(".progress")).toContainText("Read 1 of 300 files");
  await expect(verdict(app)).toBeFocused();
  await app.locator("#message").fill("Unauth");
  await release();
  await expect(app.locator("#contexts")).toContainText("300, current first");
  await expect(app.locator(".progress")).toHaveCount(0);
  await expect(app.locator("#source-title")).toContainText("file-0.yaml");
  await expect(app.locator("#message")).toBeFocused();
  await expect(app.locator("#message")).toHaveValue("Unauth");
  const names = await app.locator("tbody th button").allTextContents();
  expect(names.slice(0, 12)).toEqual(Array.from({ length: 12 }, (_, n) => `context-${n}`));
});

test("what is pasted while files are read is answered, and the files come, too", async ({ app }) => {
  const release = await holdBack(app, ["file-0.yaml"]);
  await drop(app, many(9));
  await expect(verdict(app)).toBeVisible();
  await paste(app, withToken({ context: "pasted-one" }));
  await expect(app.locator(".verdict")).toContainText("pasted-one");
  await release();
  await expect(app.locator("#contexts")).toContainText("10, current first");
  await expect(app.locator(".verdict")).toContainText("pasted-one");
});

test("no file appears after clear", async ({ app }) => {
  const release = await holdBack(app, ["file-0.yaml"]);
  await drop(app, many(300));
  await expect(verdict(app)).toBeVisible();
  await app.getByRole("button", { name: "Clear" }).click();
  await release();
  // Whatever comes, comes before that.
  await drop(app, { "last.yaml": withToken({ context: "the-last" }) });
  await expect(app.locator(".verdict")).toContainText("the-last");
  await app.evaluate(() => new Promise((done) => setTimeout(done, 1000)));
  await expect(app.locator(".contexts tbody tr")).toHaveCount(1);
  await expect(app.locator(".file")).toHaveCount(1);
  expect(await app.locator("body").textContent()).not.toContain("file-");
});

test("reading many files can be stopped, and what was read stays", async ({ app }) => {
  test.slow();
  await cancelEarly(app);
  await drop(app, many(3000));
  await expect(app.locator("#contexts")).toContainText("current first", { timeout: 20_000 });
  await expect(app.getByRole("button", { name: "Cancel" })).toHaveCount(0);
  const read = parseInt((await app.locator("#contexts span").textContent()) ?? "");
  expect(read).toBeGreaterThan(0);
  expect(read).toBeLessThan(3000);
  await app.getByRole("button", { name: "Read the rest" }).click();
  await expect(app.locator("#contexts")).toContainText("3000, current first", { timeout: 30_000 });
});

test("ten thousand contexts in one file open and scroll", async ({ app }) => {
  test.slow();
  await drop(app, { "big.yaml": large(10_000) });
  await expect(app.locator("#contexts")).toContainText("10000, current first", { timeout: 20_000 });
  await expect(app.locator("table.contexts tbody tr").first()).toContainText("c7");
  expect(await app.locator("*").count()).toBeLessThan(3_000);
  // Its text, too, to the very end.
  const source = app.locator("#source");
  await expect(async () => {
    await source.evaluate((it) => (it.scrollTop = it.scrollHeight));
    await expect(source.locator(".line").last()).toContainText("name: c9999");
  }).toPass();
});

test("one large file is read between frames, and can be stopped", async ({ app }) => {
  test.slow();
  await cancelEarly(app);
  await pasteInto(app, "#input", large(10_000));
  await expect(app.locator("main")).toContainText("Nothing was read.");
  await expect(app.locator(".progress")).toContainText("Stopped");
  await app.evaluate(() => {
    globalThis.frames = 0;
    const count = () => {
      globalThis.frames += Boolean(document.querySelector(".progress progress:not([value])"));
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
  });
  await app.getByRole("button", { name: "Read it" }).click();
  await expect(app.locator("#contexts")).toContainText("10000, current first", { timeout: 20_000 });
  await expect(app.locator(".progress")).toHaveCount(0);
  expect(await app.evaluate(() => globalThis.frames)).toBeGreaterThan(2);
});

test("the answer to a large text that was pasted takes the focus", async ({ app }) => {
  test.slow();
  await pasteInto(app, "#input", large(10_000));
  await expect(app.locator("#contexts")).toContainText("10000, current first", { timeout: 20_000 });
  await expect(verdict(app)).toBeFocused();
  await expect(app.locator("#input")).toHaveCount(0);
});

test("a large text that cannot be read can be mended", async ({ app }) => {
  test.slow();
  const text = `clusters: [\n${"a-word-of-no-use\n".repeat(20_000)}`;
  await pasteInto(app, "#input", text);
  await expect(verdict(app)).toBeFocused({ timeout: 20_000 });
  await app.getByRole("button", { name: "Edit the text" }).click();
  await expect(app.locator("#input")).toHaveValue(text, { timeout: 20_000 });
});

test("thirty files with much to say leave the table within reach", async ({ app, page }) => {
  const checks = new URL("../fixtures/checks/", import.meta.url).pathname;
  const first = (folder) => `${checks}${folder}/${readdirSync(checks + folder)[0]}`;
  const names = readdirSync(checks).sort().slice(0, 30);
  await drop(app, Object.fromEntries(names.map((it) => [`${it}.yaml`, readFileSync(first(it), "utf8")])));
  await expect(app.locator("#handover")).toBeVisible();
  const top = await app.locator("#contexts").evaluate((it) => it.getBoundingClientRect().top + scrollY);
  expect(top).toBeLessThan(2000);
  const findings = app.locator(".findings > .finding");
  await expect(findings).toHaveCount(5);
  await app.getByRole("button", { name: /^Show \d+ more$/ }).focus();
  await page.keyboard.press("Enter");
  await expect(findings.nth(5)).toBeFocused();
});
