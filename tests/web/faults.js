// How the tests make the program stop, as a mistake in it or a full memory would.

// Drops a file that claims to hold more than memory can: taking room for it is a panic in Rust.
export function panic(app) {
  return app.evaluate(async () => {
    const honest = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), "length");
    Object.defineProperty(Uint8Array.prototype, "length", { get: () => 3e9, configurable: true });
    const data = new DataTransfer();
    data.items.add(new File(["kind: Config"], "huge.yaml"));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    await new Promise((done) => setTimeout(done, 500));
    Object.defineProperty(Uint8Array.prototype, "length", honest);
  });
}

// Presses Cancel as soon as the page tells of ten files that it has read, or reads a single one.
export function cancelEarly(app) {
  return app.evaluate(() => {
    const seen = new MutationObserver(() => {
      const button = [...document.querySelectorAll(".progress button")].find((it) => it.textContent === "Cancel");
      if (button && /Read \d\d|^Reading/.test(document.querySelector(".progress").textContent)) {
        seen.disconnect();
        button.click();
      }
    });
    seen.observe(document.body, { childList: true, characterData: true, subtree: true });
  });
}
