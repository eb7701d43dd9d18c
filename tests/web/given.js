// Hands kubeconfigs to the page in every way that a person can, and makes some up.

import { readFileSync } from "node:fs";

const samples = new URL("../../www/samples/", import.meta.url);
const read = (name) => readFileSync(new URL(name, samples), "utf8");
const base64 = (text) => Buffer.from(text).toString("base64");

export const KEY = base64(read("key.pem"));

// A sample as the page hands it in.
export function sample(name) {
  let text = read(name).replace("{admin}{ca}", base64(read("admin.pem") + read("ca.pem")));
  for (const part of ["ca", "ack", "expired", "admin", "key"]) {
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

export const verdict = (app) => app.locator("#verdict");
