// What is taken away: which contexts, how much of them, by keyboard, and from any address.

import { readFileSync } from "node:fs";

import { expect, SINGLE, test } from "./fixtures.js";
import { drop, KEY, large, paste, sample, verdict, withToken } from "./given.js";

// The secret half of the key. The other half stands in its certificate, and the frame of both is everybody's.
const SECRET = KEY.slice(48, 100);
const TOKEN = "a-token-that-no-summary-may-hold-0123456789";
const three = {
  "a.yaml": sample("ack.yaml"),
  "b.yaml": sample("expired.yaml").replaceAll("c0123456789abcdef", "old"),
  "c.yaml": withToken({ context: "staging", server: "https://api.corp.example:6443", token: TOKEN }),
};

async function saved(app, page, name) {
  const download = page.waitForEvent("download");
  await app.getByRole("button", { name: `Save ${name}` }).click();
  return readFileSync(await (await download).path(), "utf8");
}

// Chooses a radio button, which is drawn as its label.
const choose = (app, name) => app.getByRole("radio", { name }).check({ force: true });

test("a summary tells of all contexts, of those in the table, or of the open one", async ({ app, page }) => {
  await drop(app, three);
  await expect(app.locator(".contexts tbody tr")).toHaveCount(3);
  const told = async () => {
    const text = await saved(app, page, "kubeconfig-summary.md");
    return text.split("\n").filter((it) => it.includes(".yaml` |")).length;
  };
  expect(await told()).toBe(3);
  await app.locator("#find").fill("1234567890123456");
  await expect(app.locator(".contexts tbody tr")).toHaveCount(2);
  await choose(app, "Those in the table");
  expect(await told()).toBe(2);
  const table = await saved(app, page, "kubeconfig-contexts.csv");
  expect(table.trim().split("\r\n")).toHaveLength(3);
  expect(table).not.toContain("staging");
  await app.locator("#find").fill("");
  await app.locator(".contexts tbody tr", { hasText: "c.yaml" }).click();
  await choose(app, "The open one");
  expect(await told()).toBe(1);
  expect(await saved(app, page, "kubeconfig-summary.md")).toContain("staging");
});

test("the same holds when the files are merged", async ({ app, page }) => {
  await drop(app, three);
  await choose(app, "Merged as KUBECONFIG would");
  await app.locator(".contexts tbody tr", { hasText: "c.yaml" }).click();
  await choose(app, "The open one");
  const table = await saved(app, page, "kubeconfig-contexts.csv");
  expect(table.trim().split("\r\n")).toHaveLength(2);
  expect(table).toContain("staging");
});

test("a redacted kubeconfig keeps certificates and names, or not, and can be read again", async ({ app, page }) => {
  await drop(app, { "a.yaml": sample("ack.yaml") });
  const plain = await saved(app, page, "kubeconfig-redacted.yaml");
  expect(plain).not.toContain(SECRET.slice(0, 12));
  expect(plain).toContain("1234567890123456");
  expect(plain).not.toContain("REDACTED+certificate");
  await app.getByLabel("Certificates as fingerprints").check();
  const reduced = await saved(app, page, "kubeconfig-redacted.yaml");
  expect(reduced.match(/REDACTED\+certificate\+\d+\+bytes\+SHA256\+[0-9a-f]{12}/g)).toHaveLength(2);
  await app.getByLabel("Names and addresses replaced").check();
  const masked = await saved(app, page, "kubeconfig-redacted.yaml");
  expect(masked).not.toMatch(/1234567890123456|203\.0\.113/);
  expect(masked.match(/user-1/g).length).toBeGreaterThan(1);
  await app.getByRole("button", { name: "Clear" }).click();
  await paste(app, masked);
  await expect(app.locator(".contexts tbody tr")).toContainText("context-1");
});

test("merged files are saved as one, secrets included, and only when asked", async ({ app, page }) => {
  await drop(app, three);
  await expect(app.getByRole("button", { name: "Save as one file, secrets included" })).toHaveCount(0);
  await choose(app, "Merged as KUBECONFIG would");
  const download = page.waitForEvent("download");
  await app.getByRole("button", { name: "Save as one file, secrets included" }).click();
  const merged = readFileSync(await (await download).path(), "utf8");
  expect(merged).toContain(TOKEN);
  await app.getByRole("button", { name: "Clear" }).click();
  await paste(app, merged);
  await expect(app.locator(".contexts tbody tr")).toHaveCount(3);
});

test("one key copies the summary", async ({ app, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await paste(app, sample("expired.yaml"));
  await expect(verdict(app)).toBeFocused();
  await page.keyboard.press("c");
  await expect(app.locator(".toast")).toHaveText("Copied.");
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain("days ago. The client certificate has expired.");
  expect(copied).not.toContain(SECRET.slice(0, 12));
});

test("single keys can be left to others", async ({ app, page }) => {
  await paste(app, sample("ack.yaml"));
  await expect(verdict(app)).toBeFocused();
  await page.keyboard.press("?");
  await app.getByLabel("Single keys work").uncheck();
  await app.getByRole("button", { name: "Close" }).click();
  await page.keyboard.press("e");
  await page.keyboard.press("?");
  await expect(app.getByRole("dialog")).toHaveCount(0);
  await expect(app.locator("#input")).toHaveCount(0);
});

test("every export is made, and none holds a secret", async ({ app, page }) => {
  await drop(app, three);
  const buttons = app.locator(".formats").getByRole("button", { name: /^Save / });
  await expect(buttons.nth(6)).toBeVisible();
  for (const button of await buttons.all()) {
    const download = page.waitForEvent("download");
    await button.focus();
    await page.keyboard.press("Enter");
    const text = readFileSync(await (await download).path(), "utf8");
    expect(text.length).toBeGreaterThan(50);
    for (const secret of [SECRET, TOKEN]) {
      for (let at = 0; at + 12 <= secret.length; at += 1) {
        expect(text).not.toContain(secret.slice(at, at + 12));
      }
    }
    await expect(app.locator(".toast")).toHaveText("Saved.");
  }
});

test("parts of a context are saved under safe names", async ({ app, page }) => {
  await paste(app, sample("ack.yaml").replaceAll("1234567890123456-c0123456789abcdef", "../$(x) prod"));
  await app.getByRole("tab", { name: "Files" }).click();
  const names = [];
  for (const button of await app.getByRole("tabpanel", { name: "Files" }).getByRole("button").all()) {
    const download = page.waitForEvent("download");
    await button.click();
    const file = await download;
    names.push(file.suggestedFilename());
    expect(readFileSync(await file.path(), "utf8")).not.toBe("");
  }
  expect(names).toEqual([
    "client-cert.pem",
    "client-key.pem",
    "ca.pem",
    "server.txt",
    "x-prod.yaml",
    "x-prod-unverified.yaml",
  ]);
});

// The clipboard of the newer kind is missing or refused at both.
async function copiesAndSaves(app, page) {
  await paste(app, sample("ack.yaml"));
  await app.getByRole("button", { name: "Copy ticket summary", exact: true }).click();
  await expect(app.locator(".toast")).toHaveText("Copied.");
  await app.locator("#message").focus();
  await page.keyboard.press("ControlOrMeta+V");
  await expect(app.locator("#message")).toHaveValue(/Works until|kubectl signs in/);
  expect(JSON.parse(await saved(app, page, "kubeconfig-report.json")).schema).toBe("kubeconfig-report/v1");
}

test("copying and saving work from a disk", async ({ open, page }) => {
  await copiesAndSaves(await open(SINGLE), page);
});

test("copying and saving work from plain http", async ({ open, page, site }) => {
  const app = await open(site.url.replace("127.0.0.1", "plain.test"));
  expect(await app.evaluate(() => [isSecureContext, typeof navigator.clipboard])).toEqual([false, "undefined"]);
  await copiesAndSaves(app, page);
});

// The page writes for longer than a slice, and answers in between.
test("what takes long is written between frames, and is complete", async ({ app, page }) => {
  test.slow();
  await drop(app, { "big.yaml": large(4000) });
  await expect(app.locator("#contexts")).toContainText("4000, current first", { timeout: 20_000 });
  const download = page.waitForEvent("download");
  await app.evaluate(() => {
    globalThis.frames = 0;
    const count = () => {
      globalThis.frames += document.querySelector(".toast")?.textContent === "Writing…";
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
  });
  await app.getByRole("button", { name: "Save kubeconfig-report.json" }).click();
  const report = JSON.parse(readFileSync(await (await download).path(), "utf8"));
  expect(report.sources[0].contexts).toHaveLength(4000);
  expect(report.sources[0].contexts[3999].name).toBe("c3999");
  expect(await app.evaluate(() => globalThis.frames)).toBeGreaterThan(2);
  await expect(app.locator(".toast")).toHaveText("Saved.");
  const redacted = await saved(app, page, "kubeconfig-redacted.yaml");
  expect(redacted.match(/^- \{name: c\d+, context/gm)).toHaveLength(4000);
  expect(redacted).not.toContain("token-number-");
});

test("writing can be stopped, and a change stops it", async ({ app, page }) => {
  test.slow();
  await drop(app, { "big.yaml": large(4000) });
  await expect(app.locator("#contexts")).toContainText("4000, current first", { timeout: 20_000 });
  const save = app.getByRole("button", { name: "Save kubeconfig-redacted.yaml" });
  await expect(save).toBeVisible();
  const downloads = [];
  page.on("download", (it) => downloads.push(it.suggestedFilename()));
  // Saves, and presses another button as soon as the page says that it is writing.
  const press = (then) =>
    app.evaluate(
      (then) =>
        new Promise((done) => {
          const seen = new MutationObserver(() => {
            const button = [...document.querySelectorAll("button")].find((it) => it.textContent === then);
            if (document.querySelector(".toast")?.textContent === "Writing…" && button) {
              seen.disconnect();
              button.click();
              done();
            }
          });
          seen.observe(document.body, { childList: true, characterData: true, subtree: true });
          document.querySelector('[aria-label="Save kubeconfig-redacted.yaml"]').click();
        }),
      then,
    );
  await press("Cancel");
  await expect(app.locator(".toast")).toHaveText("Nothing was written.");
  await expect(save).toBeVisible();
  await press("Clear");
  await expect(app.locator(".toast")).toHaveText("Everything is forgotten.");
  await app.evaluate(() => new Promise((done) => setTimeout(done, 2000)));
  expect(downloads).toEqual([]);
});
