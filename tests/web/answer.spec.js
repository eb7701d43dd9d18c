// What can be done with an answer: looked through, moved in time, copied, traced to its line.

import { expect, test } from "./fixtures.js";
import { drop, KEY, large, paste, sample, verdict, withToken } from "./given.js";

test("the verdict is the first thing, and is announced", async ({ app }) => {
  await paste(app, sample("expired.yaml"));
  await expect(verdict(app)).toContainText("Expired on 9 January 2025");
  await expect(app.locator("[role=status].offscreen").first()).toContainText("Expired on 9 January 2025");
});

test("the moment of judgement can be moved, and back", async ({ app }) => {
  await paste(app, sample("expired.yaml"));
  await app.locator("#as-of").fill("2024-12-01T12:00");
  await expect(verdict(app)).toContainText("Works until 9 January 2025");
  await app.getByRole("button", { name: "Now" }).click();
  await expect(verdict(app)).toContainText("Expired");
});

const three = {
  "a.yaml": sample("ack.yaml"),
  "b.yaml": sample("expired.yaml").replaceAll("c0123456789abcdef", "old"),
  "c.yaml": sample("eks.yaml"),
};
const names = (app) => app.locator("tbody tr:not(.group) th button").allTextContents();

test("contexts are sorted, found and narrowed", async ({ app }) => {
  await drop(app, three);
  await expect(app.locator(".contexts tbody tr")).toHaveCount(3);
  const expires = app.getByRole("columnheader", { name: "Expires" });
  await expires.getByRole("button").click();
  await expect(expires).toHaveAttribute("aria-sort", "ascending");
  expect((await names(app))[0]).toContain("old");
  await expires.getByRole("button").click();
  await expect(expires).toHaveAttribute("aria-sort", "descending");
  expect((await names(app)).at(-1)).toContain("old");
  await app.locator("#find").fill("1234567890123456");
  await expect(app.locator(".contexts tbody tr")).toHaveCount(2);
  await app.locator("#find").fill("");
  await app.getByRole("radio", { name: /Exec/ }).check({ force: true });
  await expect(app.locator(".contexts tbody tr")).toHaveCount(1);
  await expect(app.locator("#contexts")).toContainText("1 of 3 contexts");
});

test("contexts are grouped by who they sign in as", async ({ app }) => {
  await drop(app, three);
  await app.getByLabel("Group by").selectOption("identity");
  await expect(app.locator("tr.group", { hasText: "1234567890123456" })).toContainText("2 contexts");
});

test("a row opens its details", async ({ app }) => {
  await drop(app, three);
  await app.locator(".contexts tbody tr", { hasText: "c.yaml" }).click();
  await expect(app.locator("#detail-title")).toContainText("shop");
  await app.getByRole("tab", { name: "Exec" }).click();
  await expect(app.getByRole("tabpanel", { name: "Exec" })).toContainText("AWS_PROFILE");
  await expect(app.getByRole("tabpanel", { name: "Exec" })).not.toContainText("shop-admin");
});

test("tabs follow the arrow keys", async ({ app, page }) => {
  await paste(app, sample("ack.yaml"));
  await app.getByRole("tab", { name: "Connection" }).focus();
  await page.keyboard.press("ArrowLeft");
  await expect(app.getByRole("tab", { name: "Commands" })).toBeFocused();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await expect(app.getByRole("tabpanel", { name: "TLS and CA" })).toBeVisible();
});

test("merging shows what is hidden, and by which file", async ({ app }) => {
  await drop(app, { "one.yaml": withToken({ context: "x" }), "two.yaml": withToken({ context: "x", token: "another-one" }) });
  await app.getByRole("radio", { name: "Merged as KUBECONFIG would" }).check({ force: true });
  const hidden = app.locator("section", { has: app.locator("#shadowed") });
  await expect(hidden).toContainText("two.yaml");
  await expect(hidden.locator("tbody tr", { hasText: "users" })).toContainText("different");
  await expect(app.locator(".contexts tbody tr")).toHaveCount(1);
});

test("much that is hidden is built where it is in view, and told to the end", async ({ app }) => {
  await drop(app, { "one.yaml": large(100), "two.yaml": large(100) });
  await app.getByRole("radio", { name: "Merged as KUBECONFIG would" }).check({ force: true });
  const hidden = app.getByRole("group", { name: "Hidden by merging" });
  // 100 clusters, 100 users and 100 contexts, and the head.
  await expect(hidden.locator("table")).toHaveAttribute("aria-rowcount", "301");
  await expect(hidden.locator("tbody tr").first()).toContainText("clusters");
  expect(await hidden.locator("tbody tr").count()).toBeLessThan(40);
  await hidden.evaluate((it) => it.scrollTo(0, it.scrollHeight));
  await expect(hidden.locator("tbody tr[aria-rowindex='301']")).toContainText("contexts");
  const heights = await hidden.locator("tbody tr:not(.spacer)").evaluateAll((rows) => rows.map((it) => it.offsetHeight));
  expect(new Set(heights)).toEqual(new Set([56]));
});

test("a secret is shown by an act of its own, and covered when the window is left", async ({ app }) => {
  await paste(app, sample("ack.yaml"));
  await app.getByRole("button", { name: "Show Private key" }).click();
  await expect(app.locator(".secret")).toContainText("BEGIN EC PRIVATE KEY");
  await expect(app.locator(".reminder")).toContainText("revoked");
  await app.evaluate(() => window.dispatchEvent(new Event("blur")));
  await expect(app.locator(".secret")).toHaveCount(0);
});

test("a finding leads to its line, and the line back", async ({ app }) => {
  await paste(app, sample("unverified.yaml"));
  const finding = app.locator(".finding", { hasText: "line 7" }).first();
  await finding.getByRole("button", { name: "line 7" }).click();
  await expect(app.locator(".line.pointed .number")).toHaveText("7");
  await app.locator(".line.pointed .mark").click();
  await expect(app.locator(".finding:focus")).toContainText("line 7");
});

test("secrets are covered in the source, with what is behind the cover", async ({ app }) => {
  await paste(app, sample("ack.yaml"));
  await expect(app.locator(".line", { hasText: "client-key-data" })).toContainText("••• EC P-256 key");
  expect(await app.locator("#source").textContent()).not.toContain(KEY.slice(0, 40));
});

test("an edit is judged while it is typed", async ({ app }) => {
  await paste(app, sample("ack.yaml"));
  await app.getByRole("button", { name: "Edit the text" }).click();
  const field = app.locator("#input");
  await field.fill((await field.inputValue()).replace("203.0.113.10", "203.0.113.99"));
  await expect(app.locator(".facts")).toContainText("203.0.113.99");
  await expect(field).toBeFocused();
});

test("summaries are copied and saved without a secret", async ({ app, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await paste(app, sample("ack.yaml"));
  await app.getByRole("button", { name: "Copy ticket summary", exact: true }).click();
  await expect(app.locator(".toast")).toHaveText("Copied.");
  const download = page.waitForEvent("download");
  await app.getByRole("button", { name: "Save kubeconfig-report.json" }).click();
  const path = await (await download).path();
  const report = JSON.parse(await (await import("node:fs/promises")).readFile(path, "utf8"));
  expect(report.schema).toBe("kubeconfig-report/v1");
  expect(JSON.stringify(report)).not.toContain(KEY);
});

test("what kubectl said is read against the file", async ({ app }) => {
  await paste(app, sample("expired.yaml"));
  await app.locator("#message").fill("error: You must be logged in to the server (Unauthorized)");
  await expect(app.locator(".diagnosis > li").first()).toContainText(/expired/i);
});

test("what kubectl said is about the context that is looked at", async ({ app }) => {
  await drop(app, three);
  await app.locator("#message").fill("error: You must be logged in to the server (Unauthorized)");
  const cause = app.locator("#cause");
  await expect(cause).toContainText("Context");
  await app.locator(".contexts tbody tr", { hasText: "b.yaml" }).click();
  await expect(cause).toContainText("1234567890123456-old");
  await app.locator(".contexts tbody tr", { hasText: "a.yaml" }).click();
  await expect(cause).not.toContainText("1234567890123456-old");
});

test("a message that is pasted beside files goes to its field", async ({ app }) => {
  await drop(app, three);
  await expect(app.locator(".contexts tbody tr")).toHaveCount(3);
  await paste(app, "Unable to connect to the server: EOF");
  await expect(app.locator("#message")).toHaveValue("Unable to connect to the server: EOF");
  await expect(app.locator("#cause")).toBeVisible();
  await expect(app.getByText("pasted")).toHaveCount(0);
});

test("everything is reached by keyboard", async ({ app, page }) => {
  await app.getByRole("button", { name: /Healthy ACK/ }).focus();
  await page.keyboard.press("Enter");
  await expect(verdict(app)).toBeFocused();
  await page.keyboard.press("?");
  await expect(app.getByRole("dialog", { name: "Help" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(app.getByRole("dialog")).toHaveCount(0);
  // The rest of the page is drawn after the verdict, and with it what the key stands for.
  await expect(app.locator("#edit")).toBeAttached();
  await page.keyboard.press("e");
  await expect(app.locator("#input")).toBeFocused();
});
