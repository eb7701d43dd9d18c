// axe finds nothing in any state, in either theme, at any width; and every state is pictured.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { expect, test } from "./fixtures.js";
import { drop, paste, sample, withToken } from "./given.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const STATES = {
  empty: async () => {},
  healthy: (app) => paste(app, sample("ack.yaml")),
  expired: (app) => paste(app, sample("expired.yaml")),
  unverified: (app) => paste(app, sample("unverified.yaml")),
  exec: async (app) => {
    await paste(app, sample("eks.yaml"));
    await app.getByRole("tab", { name: "Exec" }).click();
  },
  certificates: async (app) => {
    await paste(app, sample("k3s.yaml"));
    await app.getByRole("tab", { name: "Certificates" }).click();
  },
  broken: (app) => paste(app, sample("broken.yaml")),
  noise: (app) => paste(app, "not a kubeconfig"),
  several: async (app) => {
    await drop(app, { "a.yaml": sample("ack.yaml"), "b.yaml": sample("expired.yaml"), "c.yaml": withToken() });
    await app.getByRole("radio", { name: "Merged as KUBECONFIG would" }).check({ force: true });
  },
  many: async (app) => {
    const numbered = (n) => [`file-${n}.yaml`, withToken({ context: `context-${n}` })];
    const more = Object.fromEntries(Array.from({ length: 200 }, (_, n) => numbered(n)));
    await drop(app, { "a.yaml": sample("ack.yaml"), "b.yaml": sample("expired.yaml"), ...more });
    await app.locator("#contexts", { hasText: "202, current first" }).waitFor();
    await app.getByLabel("Group by").selectOption("identity");
  },
  chosen: async (app) => {
    await drop(app, { "a.yaml": sample("ack.yaml"), "b.yaml": withToken() });
    await app.getByRole("radio", { name: "The open one" }).check({ force: true });
    await app.getByLabel("Names and addresses replaced").check();
    await app.getByRole("tab", { name: "Versions" }).click();
    await app.getByLabel("Version of the cluster").fill("1.30");
  },
  commands: async (app) => {
    await paste(app, sample("ack.yaml"));
    await app.getByRole("tab", { name: "Commands" }).click();
  },
  message: async (app) => {
    await paste(app, sample("expired.yaml"));
    await app.locator("#message").fill("error: You must be logged in to the server (Unauthorized)");
    await app.locator(".diagnosis").waitFor();
  },
  secret: async (app) => {
    await paste(app, sample("ack.yaml"));
    await app.getByRole("button", { name: "Show Private key" }).click();
  },
  editing: async (app) => {
    await paste(app, sample("ack.yaml"));
    await app.getByRole("button", { name: "Edit the text" }).click();
  },
  help: (app) => app.getByRole("button", { name: "Help and shortcuts" }).click(),
  checks: async (app) => {
    await app.getByRole("button", { name: "Help and shortcuts" }).click();
    await app.getByText(/^All \d+ checks$/).click();
  },
  proof: (app) => app.getByRole("button", { name: /Network locked/ }).click(),
};

for (const colorScheme of ["light", "dark"]) {
  for (const width of [390, 1280, 1920]) {
    test(`no violation and nothing that sticks out: ${colorScheme}, ${width} pixels`, async ({ app, page }) => {
      test.slow();
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await app.evaluate(axe);
      for (const [name, enter] of Object.entries(STATES)) {
        await test.step(name, async () => {
          await enter(app);
          await look(app, page, `${name}-${width}-${colorScheme}`);
          await leave(app);
        });
      }
    });
  }
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
