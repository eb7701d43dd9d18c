// Many files and many contexts: the page stays quick, says how far it is, and can be stopped.

import { cancelEarly } from "./faults.js";
import { expect, test } from "./fixtures.js";
import { drop, many } from "./given.js";

test("a thousand files are read in slices, and the table builds what is in view", async ({ app }) => {
  test.slow();
  await drop(app, many(1000));
  await expect(app.locator("#contexts")).toContainText("1000, current first", { timeout: 20_000 });
  expect(await app.locator("table.contexts tbody tr").count()).toBeLessThan(100);
  const window = app.locator(".windowed");
  await window.evaluate((it) => (it.scrollTop = it.scrollHeight));
  await expect(app.locator("tbody tr", { hasText: "context-999" }).first()).toBeVisible();
  await app.locator("#find").fill("context-512");
  await expect(app.locator("table.contexts tbody tr")).toHaveCount(1);
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
  const n = 10_000;
  const list = (line) => Array.from({ length: n }, (_, i) => line(i)).join("");
  const text = `apiVersion: v1
kind: Config
current-context: c7
clusters:\n${list((i) => `- {name: c${i}, cluster: {server: "https://10.0.${i >> 8}.${i & 255}:6443"}}\n`)}users:
${list((i) => `- {name: c${i}, user: {token: token-number-${i}}}\n`)}contexts:
${list((i) => `- {name: c${i}, context: {cluster: c${i}, user: c${i}}}\n`)}`;
  await drop(app, { "big.yaml": text });
  await expect(app.locator("#contexts")).toContainText("10000, current first", { timeout: 20_000 });
  await expect(app.locator("table.contexts tbody tr").first()).toContainText("c7");
  expect(await app.locator("*").count()).toBeLessThan(6_000);
});
