// Hands kubeconfigs to the page in every way that a person can, and makes some up.

import { readFileSync } from "node:fs";

const samples = new URL("../../www/samples/", import.meta.url);
const read = (name) => readFileSync(new URL(name, samples), "utf8");
const base64 = (text) => Buffer.from(text).toString("base64");

export const KEY = base64(read("key.pem"));

// A sample as the page hands it in.
export function sample(name) {
  let text = read(name).replace("{admin}{k3s-client-ca}", base64(read("admin.pem") + read("k3s-client-ca.pem")));
  for (const part of ["ca", "ack", "expired", "k3s-server-ca", "key"]) {
    text = text.replaceAll(`{${part}}`, base64(read(`${part}.pem`)));
  }
  return text;
}

// One context with a token; what is not given is made up.
export function withToken({ context = "dev", server = "https://10.0.0.1:6443", token = "a-token-for-the-tests" } = {}) {
  return `apiVersion: v1
kind: Config
clusters:
- name: ${context}
  cluster: {server: "${server}"}
contexts:
- name: ${context}
  context: {cluster: ${context}, user: ${context}}
current-context: ${context}
users:
- name: ${context}
  user: {token: ${token}}
`;
}

// One file of that many contexts.
export function large(n) {
  const list = (line) => Array.from({ length: n }, (_, i) => line(i)).join("");
  return `apiVersion: v1
kind: Config
current-context: c7
clusters:\n${list((i) => `- {name: c${i}, cluster: {server: "https://10.0.${i >> 8}.${i & 255}:6443"}}\n`)}users:
${list((i) => `- {name: c${i}, user: {token: token-number-${i}}}\n`)}contexts:
${list((i) => `- {name: c${i}, context: {cluster: c${i}, user: c${i}}}\n`)}`;
}

// That many files of one context each.
export function many(n) {
  const numbered = (_, i) => [`file-${i}.yaml`, withToken({ context: `context-${i}` })];
  return Object.fromEntries(Array.from({ length: n }, numbered));
}

// A token that says `claims`, and is signed by nobody.
export function jwt(claims) {
  const part = (it) => Buffer.from(JSON.stringify(it)).toString("base64url");
  return `${part({ alg: "RS256", kid: "of-the-tests" })}.${part(claims)}.${Buffer.from("signature").toString("base64url")}`;
}

// Pastes outside any field, as Ctrl+V there does.
export function paste(app, text) {
  return app.evaluate((text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);
}

// Pastes into a field, over what is there.
export async function pasteInto(app, selector, text) {
  await app.locator(selector).focus();
  await app.locator(selector).evaluate((field, text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    const goesOn = field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    if (!goesOn) return;
    field.value = text;
    field.dispatchEvent(new InputEvent("input", { inputType: "insertFromPaste", bubbles: true }));
  }, text);
}

// Drops files anywhere on the page.
export function drop(app, files) {
  return app.evaluate((files) => {
    const data = new DataTransfer();
    for (const [name, text] of Object.entries(files)) {
      data.items.add(new File([text], name));
    }
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }, files);
}

// Drops files of which the browser cannot read those that are `locked`.
export async function dropUnreadable(app, files, locked) {
  await app.evaluate((locked) => {
    const read = Blob.prototype.arrayBuffer;
    File.prototype.arrayBuffer = function () {
      return locked.includes(this.name)
        ? Promise.reject(new DOMException("The requested file could not be read.", "NotReadableError"))
        : read.call(this);
    };
  }, locked);
  await drop(app, files);
}

// Holds back the bytes of all files but those that are `free`, until what it returns is called.
export async function holdBack(app, free) {
  await app.evaluate((free) => {
    const read = Blob.prototype.arrayBuffer;
    const held = new Promise((done) => (globalThis.release = done));
    File.prototype.arrayBuffer = async function () {
      if (!free.includes(this.name)) {
        await held;
      }
      return read.call(this);
    };
  }, free);
  return () => app.evaluate(() => globalThis.release());
}

export const verdict = (app) => app.locator("#verdict");
