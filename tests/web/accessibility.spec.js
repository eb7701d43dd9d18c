// axe finds nothing in any state, in either theme, at any width; and every state is pictured.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { expect, test } from "./fixtures.js";
import { LAST, STATES } from "./states.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// 320 is a window of 1280 at 400 percent.
const LOOKS = [
  [320, { colorScheme: "light" }],
  [390, { colorScheme: "light" }],
  [390, { colorScheme: "dark" }],
  [1280, { colorScheme: "light" }],
  [1280, { colorScheme: "dark" }],
  [1280, { colorScheme: "light", contrast: "more" }],
  [1280, { colorScheme: "dark", forcedColors: "active" }],
  [1920, { colorScheme: "light" }],
  [1920, { colorScheme: "dark" }],
  [2560, { colorScheme: "dark" }],
];

for (const [width, media] of LOOKS) {
  const words = Object.values(media).join("-");
  test(`no violation and nothing that sticks out: ${width} pixels, ${words}`, async ({ app, page }) => {
    test.setTimeout(240_000);
    await page.emulateMedia(media);
    await page.setViewportSize({ width, height: 900 });
    await app.evaluate(axe);
    for (const [name, enter] of Object.entries(STATES)) {
      await test.step(name, async () => {
        await enter(app);
        await look(app, page, `${name}-${width}-${words}`);
        await leave(app);
      });
    }
    for (const [name, enter] of Object.entries(LAST)) {
      await test.step(name, async () => {
        await enter(app);
        await look(app, page, `${name}-${width}-${words}`);
      });
    }
  });
}

async function look(app, page, name) {
  const { violations } = await app.evaluate(() =>
    globalThis.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
  );
  const told = violations.map((it) => `${it.id}: ${it.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
  const { width, height } = page.viewportSize();
  const { wide, tall } = await app.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    tall: document.documentElement.scrollHeight,
  }));
  await page.setViewportSize({ width, height: Math.min(tall, 8000) });
  await page.waitForTimeout(100);
  await page.screenshot({ path: `artefacts/looks/${name}.png` });
  await page.setViewportSize({ width, height });
  expect.soft(told, name).toEqual([]);
  expect.soft(wide, name).toBe(width);
}

// Back to the empty page.
async function leave(app) {
  const close = app.getByRole("button", { name: "Close" });
  if (await close.count()) {
    await close.click();
  }
  const clear = app.getByRole("button", { name: "Clear" });
  if (await clear.count()) {
    await clear.click();
  }
  await expect(app.locator("#samples")).toBeVisible();
}
