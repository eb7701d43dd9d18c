// Starts the page. This document shows nothing but the first words and a sandboxed frame; the program
// lives in the frame (www/frame.js), where it can neither navigate, nor open windows, nor connect.
//
// Fetches the WASM (the browser enforces its hash), hands it to the frame, and then locks this
// document too. After that it does the few small things that a sandboxed frame cannot do for itself.
// The frame shows its field before that: it is locked from the beginning, and out of this document's reach.

// Asked for before the rest of the document has arrived; the single file has it in itself instead.
const script = document.currentScript;
const { wasm, integrity, single, outline } = script.dataset;
const asked = wasm && fetch(wasm, { integrity });
asked?.catch(() => {});
const frame = () => document.getElementById("app");

addEventListener("message", async ({ source, data }) => {
  if (source !== frame().contentWindow) {
    return;
  }
  const answers = { ready, shown, started, save, height, again };
  if (Object.hasOwn(answers, data.kind)) {
    answers[data.kind](data.value);
  }
});

// The frame listens: give it a copy of the program. From here on this document needs nothing any more.
let program;
async function ready() {
  const tell = (words) => frame().contentWindow.postMessage(words, "*");
  try {
    program = await load();
    lock();
    tell({ program, single });
  } catch (error) {
    tell({ failure: error.message });
  }
}

// There is something to see in the frame: the field, or why there is no program; at last the program.
const shown = () => show("shown");
const started = () => show("started");
function show(what) {
  const page = document.documentElement;
  const isFirst = !page.className;
  page.className = what;
  if (isFirst) {
    frame().focus();
  }
}

// The page as a single file, put together from what this document holds: nothing is fetched for it, and the
// program in the frame has no hand in it. `outline` is that file with marks for its largest parts.
function save() {
  const parts = {
    outline: () => escaped(outline),
    script: () => script.textContent,
    wasm: () => btoa(Array.from(new Uint8Array(program), (it) => String.fromCharCode(it)).join("")),
    document: () => escaped(frame().srcdoc),
  };
  const text = outline.replace(/<!-- seal: (\w+) -->/g, (_, name) => parts[name]());
  const href = URL.createObjectURL(new Blob([text], { type: "text/html" }));
  Object.assign(document.createElement("a"), { href, download: "kubeconfig-inspector.html" }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

// As the build writes it: `escaped` in xtask/src/seal.rs.
function escaped(text) {
  const names = { "&": "amp", '"': "quot", "<": "lt", ">": "gt" };
  return text.replace(/[&"<>]/g, (it) => `&${names[it]};`);
}

// After a panic: the one request that a person asks for.
function again() {
  location.reload();
}

// How tall the frame's document is, for printing: paper does not scroll.
let tall = 0;
function height(pixels) {
  tall = Number(pixels) || 0;
}
addEventListener("beforeprint", () => (frame().style.height = `${tall}px`));
addEventListener("afterprint", () => (frame().style.height = ""));

async function load() {
  if (!asked) {
    // It stands behind the frame.
    if (document.readyState === "loading") {
      await new Promise((done) => addEventListener("DOMContentLoaded", done));
    }
    const inlined = document.getElementById("wasm");
    return Uint8Array.from(atob(inlined.textContent), (it) => it.charCodeAt(0)).buffer;
  }
  const response = await asked;
  if (!response.ok) {
    throw new Error(`the server answered ${response.status}`);
  }
  return response.arrayBuffer();
}

function lock() {
  const meta = document.createElement("meta");
  meta.httpEquiv = "Content-Security-Policy";
  // Firefox takes a download for a navigation of the frame.
  meta.content = "default-src 'none'; frame-src blob:";
  document.head.append(meta);
}
