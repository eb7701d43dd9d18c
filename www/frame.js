// Runs the program inside the sandboxed frame: locks the network by a second policy, proves the lock by
// attempts that the browser must refuse, and only then shows a field. When the page around hands over the
// WASM, compiles it, adds a third policy that allows nothing at all, and lets Rust run, which takes over
// what was handed in meanwhile.
//
// The program finds what it needs in one frozen global, `inspector`. Every function is synchronous:
//
//   locked()            true when the browser refused every attempt below
//   refused()           names of the attempts that the browser refused, string[]
//   allowed()           names of the attempts that it did not refuse, string[] (empty when locked)
//   policy()            the policies in force, one a line
//   uncovered()         what the lock does not cover, in plain words, string[]
//   requests()          how many requests were made since the lock: the browser's own count
//   version(), commit() of this build; commit() ends in "-dirty" when it is not exactly a commit
//   digest()            SHA-256 of the WASM in hex: the browser compared the file with it
//   single()            SHA-256 of the single file in hex; empty where the page is that file
//   save()              saves the single file, from what the page around holds
//   keep(text)          keeps a text that was handed in for the case that the program stops; its number
//   hold(n, at, length) has text number n in the program's memory from now on, instead of a copy
//   forget()            drops what was kept
//   early()             what was handed in before the program ran, in order, as a browser hands over what
//                       is dropped; once, and undefined when there is nothing
//   part(selector)      an element of the landing that the program takes as it is
//   blob(before, bytes, type)   a file with what is in the file before and a copy of bytes of the program
//
// In Rust: #[wasm_bindgen(js_namespace = inspector)] extern "C" { fn locked() -> bool; … }

import { initSync } from "glue";

const build = document.getElementById("program").dataset;

addEventListener("message", ({ source, data }) => source === parent && start(data), { once: true });
tell("ready");

async function start({ program, single = "", failure }) {
  if (failure) {
    const title = "This page cannot start: a file of it did not arrive, or is not the one that belongs to it.";
    return fault(title, `Reload; if it stays, tell whoever hosts this page. (${failure})`, left(), true);
  }
  try {
    const module = await WebAssembly.compile(program);
    const outcome = await proof;
    // Policies in force together allow only what each of them allows: what was refused stays refused.
    lock("default-src 'none'");
    introduce(outcome, single);
    await takeOver(module);
    tell("started");
  } catch (error) {
    fault("This page could not start.", explain(error), left(), true);
  }
}

function tell(kind, value) {
  parent.postMessage({ kind, value }, "*");
}

// No policy covers WebRTC, so it goes; the sandbox keeps another copy out of reach.
function lock(policy) {
  for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "RTCDataChannel"]) {
    delete globalThis[name];
  }
  const meta = document.createElement("meta");
  meta.httpEquiv = "Content-Security-Policy";
  meta.content = policy;
  document.head.append(meta);
}

// One attempt per way in which a page can make the browser send something. The host does not exist:
// even where the lock fails, nothing reaches anybody.
const attempts = {
  fetch: (url) => fetch(url, { mode: "no-cors" }),
  XMLHttpRequest: (url) => {
    const request = new XMLHttpRequest();
    request.open("GET", url);
    request.send();
  },
  WebSocket: (url) => new WebSocket(url.replace("https:", "wss:")),
  EventSource: (url) => new EventSource(url),
  beacon: (url) => navigator.sendBeacon(url, "attempt"),
  image: (url) => (new Image().src = url),
  stylesheet: (url) => element("link", { rel: "stylesheet", href: url }),
  font: (url) => new FontFace("attempt", `url(${url})`).load(),
  media: (url) => element("video", { src: url }),
  frame: (url) => element("iframe", { src: url, hidden: true }),
  script: (url) => element("script", { src: url }),
};

// What no lock of a page can cover, for the panel that says so.
const UNCOVERED = [
  "In Chromium, names of hosts: where a page tries to go is looked up before that is refused.",
  "What you do yourself: reloading the page, or starting it afresh, asks the server for it again.",
  "The browser's own connections, as for its updates: no page has a say in them.",
  "Browser extensions: they see every page that you allow them to see, this one too.",
  "The clipboard and downloaded files: other programs of your computer can read what you copy or save.",
  "The server: it could hand out a changed page the next time. The single file with its SHA-256 cannot change.",
];

// How many requests the browser had counted when all attempts were made.
let since;

// Makes every attempt and reports which of them the browser refused: by a violation of the policy,
// or because the value may not be assigned at all (Trusted Types).
async function prove() {
  const names = Object.keys(attempts);
  const refused = new Set();
  const made = [];
  await new Promise((done) => {
    const settle = () => names.every((name) => refused.has(name)) && done();
    document.addEventListener("securitypolicyviolation", (event) => {
      const name = names.find((name) => event.blockedURI.includes(`//${name.toLowerCase()}.`));
      if (name && event.disposition === "enforce") {
        refused.add(name);
        settle();
      }
    });
    for (const name of names) {
      try {
        const it = attempts[name](`https://${name.toLowerCase()}.attempt.invalid/`);
        it?.catch?.(() => {});
        made.push(it);
      } catch (error) {
        if (error instanceof TypeError) {
          refused.add(name);
        }
      }
    }
    settle();
    setTimeout(done, 2000);
  });
  made.forEach((it) => it instanceof Element && it.remove());
  since = performance.getEntriesByType("resource").length;
  return names.map((name) => ({ name, refused: refused.has(name) }));
}

// Nothing is loaded from here on. What is still allowed sends nothing: to compile the WASM that is to come.
lock("default-src 'none'; script-src 'wasm-unsafe-eval'");
const proof = prove();
proof.then(welcome);

function isLocked(outcome) {
  return outcome.every((it) => it.refused);
}

function element(tag, attributes) {
  const it = document.createElement(tag);
  Object.assign(it, attributes);
  document.head.append(it);
  return it;
}

function introduce(outcome, single) {
  const named = (refused) => outcome.filter((it) => it.refused === refused).map((it) => it.name);
  const policies = [...document.querySelectorAll("meta[http-equiv=Content-Security-Policy]")];
  const inspector = {
    locked: () => isLocked(outcome),
    refused: () => named(true),
    allowed: () => named(false),
    policy: () => policies.map((it) => it.content).join("\n"),
    uncovered: () => [...UNCOVERED],
    requests: () => performance.getEntriesByType("resource").length - since,
    version: () => build.version,
    commit: () => build.commit,
    digest: () => build.digest,
    single: () => single,
    save: () => tell("save"),
    keep,
    hold: (n, at, length) => (pasted[n] = { at, length }),
    forget,
    early,
    part,
    blob: (before, bytes, type) => new Blob([before, bytes], { type }),
  };
  Object.defineProperty(globalThis, "inspector", { value: Object.freeze(inspector) });
}

// The field before the program is there. It is safe to show: this document is locked, and that was proven.
// The page around is not locked yet, as it is still fetching the WASM, but it cannot look in here: a
// sandboxed frame has an origin of its own. It hears what `tell` says, which is nothing of the input, and
// no script runs there but boot.js.
//
// The markup is the program's own, so that nothing moves when it takes over. What cannot work yet is
// switched off. Where the lock is not proven nothing is shown, and the program says so.
const landing = document.getElementById("landing").content;
// The program takes these as they are: it has nothing to add to them.
const parts = [...landing.querySelectorAll(".hero, .hint, .reasons")];
const part = (selector) => parts.find((it) => it.matches(selector));

// Characters of a text that a browser would lay out for longer than the program reads it: src/ui/state.rs.
const LONG = 200_000;

let field;
let lastInput;
// What was taken before the program was there; undefined while there is no field, and when it took over.
let given;

function welcome(outcome) {
  // It is gone where the page could not start.
  const app = document.getElementById("app");
  if (!app || !isLocked(outcome) || typeof WebAssembly !== "object") {
    return;
  }
  app.append(landing);
  field = document.getElementById("input");
  field.addEventListener("input", ({ inputType }) => (lastInput = inputType));
  given = [];
  tell("shown");
  // What stands there from the beginning is not read out.
  setTimeout(say, 100, "The network is locked. Paste or type now. The answer comes as soon as the program has arrived.");
}

function say(words) {
  document.getElementById("coming")?.replaceChildren(words);
}

for (const kind of ["dragover", "drop", "paste"]) {
  addEventListener(kind, (event) => given && take(event, event.clipboardData ?? event.dataTransfer), true);
}

// Takes what the program would take (src/ui/browser.rs): the field takes texts itself, but for a long one.
function take(event, data) {
  const inField = event.type === "paste" && event.target.localName === "textarea";
  const text = data.getData("text/plain");
  if (inField && (event.target.value || text.length <= LONG)) {
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  if (event.type === "dragover") {
    return;
  }
  // What the browser hands out is there only during the event.
  const files = [...data.items].filter((it) => it.kind === "file" && !inField);
  const items = files.map((it) => item(it.getAsFile(), it.webkitGetAsEntry()));
  if (text && !items.length) {
    items.push(item(new File([text], "pasted"), null, text));
  }
  if (items.length) {
    given.push(...items);
    say("Taken. The answer comes as soon as the program has arrived.");
  }
}

function item(file, entry, text = "") {
  return { getAsFile: () => file, webkitGetAsEntry: () => entry ?? { isFile: true }, text };
}

function early() {
  const items = given ?? [];
  given = undefined;
  items.filter(({ text }) => text).forEach(({ text }) => keep(text));
  return items.length ? { items } : undefined;
}

// Lets the program run, and moves text, caret and focus into its field. It draws itself at the end of the
// turn in which it starts, so that no key falls in between.
async function takeOver(module) {
  const focused = field === document.activeElement;
  // Beside other things the text must be taken before them: at once, as one that was pasted.
  const inputType = given?.length ? "insertFromPaste" : lastInput;
  ({ memory } = initSync({ module }));
  await null;
  const next = document.getElementById("input");
  if (field && next) {
    next.value = field.value;
    if (focused) {
      next.focus({ preventScroll: true });
      next.setSelectionRange(field.selectionStart, field.selectionEnd);
      next.scrollTop = field.scrollTop;
    }
    if (field.value) {
      next.dispatchEvent(new InputEvent("input", { inputType, bubbles: true }));
    }
  }
  field = undefined;
}

// Otherwise the page around is printed, whose frame shows one screen of this document.
addEventListener("keydown", (event) => {
  if (event.key === "p" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    print();
  }
});
new ResizeObserver(() => tell("height", document.documentElement.scrollHeight)).observe(document.body);

// A panic in Rust is a trap: an error that nobody catches, without words. So is every other error that
// gets here, as all code in this document is the program's. What the program holds cannot be asked for
// then, but its memory is still there. So this script keeps what was pasted, or where in the memory it is,
// and the fields that were typed into, until it is told to forget.
let memory;
let ended = false;
const pasted = [];
const fields = new Map();

addEventListener("input", ({ target }) => target.localName === "textarea" && fields.set(target.id, target), true);

function keep(text) {
  return pasted.push(text) - 1;
}

function forget() {
  pasted.length = 0;
  fields.clear();
}

function words(kept) {
  return typeof kept === "string" ? kept : new TextDecoder().decode(new Uint8Array(memory.buffer, kept.at, kept.length));
}

// An event without an error is the browser's own remark on a layout.
addEventListener("error", (event) => event.error && end(event, event.error));
addEventListener("unhandledrejection", (event) => end(event, event.reason));

function end(event, error) {
  // Whatever the error says may hold input: it does not get into the console.
  event.preventDefault();
  if (ended) {
    return;
  }
  ended = true;
  const kept = left();
  const safe = `Nothing was sent anywhere. Files are where you took them from${kept.length ? "; what you pasted or typed is here, for you to copy" : ""}.`;
  if (isFull()) {
    fault("This page has stopped: the browser gives it no more memory.", `${safe} Start afresh with fewer or smaller files.`, kept);
  } else {
    fault("This page has stopped because of a mistake in it.", `${safe} Start afresh to go on. If it happens again, tell us where: ${place(error)}.`, kept);
  }
}

// Every text that was handed in and is still there.
function left() {
  const typed = [...fields.values(), ...document.querySelectorAll("textarea")].map((it) => it.value);
  return [...new Set([...(given ?? []).map((it) => it.text), ...pasted.map(words), ...typed])].filter((it) => it.trim());
}

// Whether 64 MiB more are refused.
function isFull() {
  try {
    memory.grow(1024);
    return false;
  } catch {
    return true;
  }
}

// Where in the program it happened; nothing else of what an error says.
function place(error) {
  const at = String(error?.stack).match(/wasm-function\[\d+\]:0x[0-9a-f]+/)?.[0] ?? "outside of the WASM";
  return `${at}, version ${build.version}, commit ${build.commit}`;
}

function explain(error) {
  if (typeof WebAssembly !== "object" || error instanceof WebAssembly.CompileError) {
    return "This browser has no WebAssembly, or an old one, or it is switched off. Use Chrome or Edge 97, Firefox 102, Safari 16.4, or newer.";
  }
  return `${error?.message ?? error} (${place(error)})`;
}

// Says what happened in place of the program, whose state is not known any more. What is `kept` of the
// input stays covered until someone looks, unless it was in `view` and is quickly laid out.
function fault(title, text, kept, view = false) {
  const make = (tag, more, ...children) => {
    const it = Object.assign(document.createElement(tag), more);
    it.append(...children);
    return it;
  };
  const again = make("button", { textContent: "Start afresh", onclick: () => tell("again") });
  const areas = kept.map((value) => make("textarea", { value, readOnly: true, rows: 10, ariaLabel: "Pasted or typed" }));
  const page = make(
    "main",
    { className: "landing fault" },
    make("div", { role: "alert" }, make("h1", { textContent: title }), make("p", { textContent: text })),
    again,
    ...(kept.length ? [make("details", { open: view && kept.every((it) => it.length < LONG) }, make("summary", { textContent: "Show what was pasted or typed" }), ...areas)] : []),
  );
  document.body.replaceChildren(page);
  tell("shown");
  again.focus();
}
