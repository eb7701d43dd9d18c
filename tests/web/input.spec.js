// Every way in: typed, pasted, dropped, picked; and every way in which input can be bad.

import { expect, test } from "./fixtures.js";
import { drop, dropUnreadable, KEY, paste, pasteInto, sample, verdict, withToken } from "./given.js";

test("a paste into the field is answered, and the field makes room for the answer", async ({ app }) => {
  await pasteInto(app, "#input", sample("ack.yaml"));
  await expect(verdict(app)).toContainText("Works until 10 January 2036");
  await expect(app.locator("#input")).toHaveCount(0);
});

test("Ctrl+V anywhere is answered", async ({ app, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate((text) => navigator.clipboard.writeText(text), sample("ack.yaml"));
  await app.locator("h1").click();
  await page.keyboard.press("ControlOrMeta+V");
  await expect(verdict(app)).toContainText("Works until 10 January 2036");
});

test("typing keeps the field and its focus, and is answered after a pause", async ({ app }) => {
  await app.locator("#input").pressSequentially("apiVersion: v1\n");
  await expect(verdict(app)).toBeVisible();
  await expect(app.locator("#input")).toBeFocused();
  await expect(app.locator("#input")).toHaveValue("apiVersion: v1\n");
});

test("two dropped files are two sources", async ({ app }) => {
  await drop(app, { "prod.yaml": sample("ack.yaml"), "staging.yaml": withToken({ context: "staging" }) });
  await expect(app.locator(".file")).toHaveCount(2);
  await expect(app.locator(".contexts tbody tr")).toHaveCount(2);
});

test("picked files are answered", async ({ app }) => {
  await app.locator("input[type=file]:not([webkitdirectory])").setInputFiles({
    name: "config",
    mimeType: "text/yaml",
    buffer: Buffer.from(sample("expired.yaml")),
  });
  await expect(verdict(app)).toContainText("Expired on 9 January 2025");
  await expect(app.locator(".file")).toContainText("config");
});

test("a file that the browser cannot read is named with the reason, and the others are answered", async ({ app, page }) => {
  await dropUnreadable(app, { "locked.yaml": "", "a.yaml": sample("ack.yaml") }, ["locked.yaml"]);
  await expect(verdict(app)).toContainText("Works until 10 January 2036");
  await expect(app.locator(".file")).toHaveCount(1);
  const alert = app.getByRole("alert");
  await expect(alert).toContainText("The browser could not read a file that was handed in.");
  await expect(alert.getByRole("listitem")).toHaveText("locked.yamlThe requested file could not be read.");
  await alert.getByRole("button", { name: "Dismiss" }).focus();
  await page.keyboard.press("Enter");
  await expect(alert).toHaveCount(0);
  await expect(verdict(app)).toBeFocused();
});

test("when no file can be read the page says so and stays as it is", async ({ app }) => {
  await dropUnreadable(app, { "a.yaml": "", "b.yaml": "" }, ["a.yaml", "b.yaml"]);
  await expect(app.getByRole("alert")).toContainText("could not read 2 files that were handed in");
  await expect(app.getByRole("alert").getByRole("listitem")).toHaveCount(2);
  await expect(app.locator("#samples")).toBeVisible();
  await paste(app, sample("ack.yaml"));
  await expect(app.getByRole("alert")).toHaveCount(0);
});

test("a folder that the browser cannot list is named, too", async ({ app }) => {
  await app.evaluate((text) => {
    const good = { fullPath: "/a.yaml", isFile: true };
    const refuse = (_, fail) => fail(new DOMException("Permission was denied.", "NotAllowedError"));
    const bad = { fullPath: "/secret", isDirectory: true, createReader: () => ({ readEntries: refuse }) };
    const entries = [bad, good];
    DataTransferItem.prototype.webkitGetAsEntry = () => entries.shift();
    const data = new DataTransfer();
    data.items.add(new File([""], "secret"));
    data.items.add(new File([text], "a.yaml"));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }, sample("ack.yaml"));
  await expect(verdict(app)).toContainText("Works until 10 January 2036");
  await expect(app.getByRole("alert").getByRole("listitem")).toHaveText("secretPermission was denied.");
});

test("clear forgets everything and gives the field back", async ({ app }) => {
  await paste(app, sample("ack.yaml"));
  await app.getByRole("button", { name: "Clear" }).click();
  await expect(app.locator("#input")).toHaveValue("");
  await expect(app.locator("#input")).toBeFocused();
  expect(await app.locator("body").textContent()).not.toContain("203.0.113.10");
});

const BAD = {
  "not YAML": ["a: b: c\n\t- d", "refuse"],
  "not a kubeconfig": ["just a sentence", "refuse"],
  "another kind of object": ["apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n", "Pod"],
  "blank": ["   \n", "no context|empty|refuse"],
  "binary": ["\u0000\u0001\u0002\u007fELF", "refuse"],
};

for (const [name, [text, words]] of Object.entries(BAD)) {
  test(`bad input is answered and stays: ${name}`, async ({ app, said }) => {
    await app.evaluate((text) => {
      const field = document.getElementById("input");
      field.value = text;
      field.dispatchEvent(new InputEvent("input", { inputType: "insertFromPaste", bubbles: true }));
    }, text);
    await expect(app.locator(".verdict")).toHaveText(new RegExp(words));
    await expect(app.locator("#input")).toHaveValue(text.replaceAll("\r", ""));
    expect(said).toEqual([]);
  });
}

const FAULTS = {
  "a context that names a missing user": [(text) => text.replace('user: "1234567890123456"', "user: nobody"), "nobody"],
  "base64 that is none": [(text) => text.replace(/client-key-data: .*/, "client-key-data: a*b"), "client-key-data"],
  "PEM that is none": [(text) => text.replace(/client-certificate-data: .*/, "client-certificate-data: aGVsbG8="), "certificate"],
  "a certificate where the key should be": [
    (text) => text.replace(/client-key-data: .*/, `client-key-data: ${/certificate-data: (.*)/.exec(text)[1]}`),
    "key",
  ],
};

for (const [name, [spoil, words]] of Object.entries(FAULTS)) {
  test(`one bad entry is named: ${name}`, async ({ app }) => {
    await paste(app, spoil(sample("ack.yaml")));
    await expect(app.locator(".findings")).toContainText(words);
    await expect(app.locator(".findings .tag.bad").first()).toBeVisible();
  });
}

test("one bad file never hides the good ones", async ({ app }) => {
  await drop(app, { "bad.yaml": "{", "good.yaml": sample("ack.yaml") });
  await expect(app.locator(".contexts tbody tr")).toHaveCount(1);
  await expect(app.locator(".file", { hasText: "bad.yaml" })).toContainText("refused");
});

test("thirty megabytes of noise are answered", async ({ app }) => {
  test.slow();
  await app.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(30 << 20).map((_, n) => 33 + ((n * 7919) % 90))], "noise"));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await expect(app.locator(".verdict")).toBeVisible({ timeout: 20_000 });
});

test("nothing is asked of the network, said in the console or put into the document", async ({ app, page, site, said }) => {
  const before = site.requests.length;
  const token = "s3cr3t-t0ken-that-nobody-may-see";
  await drop(app, { "a.yaml": sample("ack.yaml"), "b.yaml": withToken({ token }) });
  for (const name of await app.getByRole("tab").allTextContents()) {
    await app.getByRole("tab", { name }).click();
  }
  await app.locator(".contexts tbody tr button").last().click();
  await expect(app.getByRole("tab", { name: "Token" })).toBeVisible();
  const markup = await app.evaluate(() => document.documentElement.outerHTML);
  expect(markup).not.toContain(token);
  expect(markup).not.toContain(KEY);
  expect(markup).not.toContain(KEY.slice(60, 120));
  expect(site.requests.length).toBe(before);
  expect(said).toEqual([]);
  expect(page.url()).toBe(site.url);
  expect(await page.title()).toBe("Kubeconfig Inspector");
});
