// Runs the program inside the sandboxed frame: takes the WASM from the page around it, locks the
// network by a second policy, proves the lock by attempts that the browser must refuse, and only
// then lets Rust run.
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
//   panicked(message)   shows `message` (it must hold no input), keeps what stands in text areas,
//                       and offers a fresh start; call it from the panic hook
//
// In Rust: #[wasm_bindgen(js_namespace = inspector)] extern "C" { fn locked() -> bool; … }

import { initSync } from "glue";

const build = document.getElementById("program").dataset;

addEventListener("message", ({ source, data }) => source === parent && start(data), { once: true });
tell("ready");

async function start(bytes) {
  try {
    const module = await WebAssembly.compile(bytes);
    lock();
    introduce(await prove());
    initSync({ module });
  } catch (error) {
    fault("This page could not start.", explain(error));
  }
  tell("started");
}

function tell(kind, value) {
  parent.postMessage({ kind, value }, "*");
}

// No policy covers WebRTC, so it goes; the sandbox keeps another copy out of reach.
function lock() {
  for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "RTCDataChannel"]) {
    delete globalThis[name];
  }
  const meta = document.createElement("meta");
  meta.httpEquiv = "Content-Security-Policy";
  meta.content = "default-src 'none'";
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
  "A link to the documentation that you click: the page around this one opens it, without anything of yours in its address.",
  "Browser extensions: they see every page that you allow them to see, this one too.",
  "The clipboard and downloaded files: other programs of your computer can read what you copy or save.",
  "The server: it could hand out a changed page the next time. The single file with its SHA-256 cannot change.",
];

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
  return names.map((name) => ({ name, refused: refused.has(name) }));
}

function element(tag, attributes) {
  const it = document.createElement(tag);
  Object.assign(it, attributes);
  document.head.append(it);
  return it;
}

function introduce(outcome) {
  const since = performance.getEntriesByType("resource").length;
  const named = (refused) => outcome.filter((it) => it.refused === refused).map((it) => it.name);
  const policies = [...document.querySelectorAll("meta[http-equiv=Content-Security-Policy]")];
  const inspector = {
    locked: () => outcome.every((it) => it.refused),
    refused: () => named(true),
    allowed: () => named(false),
    policy: () => policies.map((it) => it.content).join("\n"),
    uncovered: () => [...UNCOVERED],
    requests: () => performance.getEntriesByType("resource").length - since,
    version: () => build.version,
    commit: () => build.commit,
    digest: () => build.digest,
    panicked: (message) => fault("This page has stopped because of a mistake in it.", message),
  };
  Object.defineProperty(globalThis, "inspector", { value: Object.freeze(inspector) });
}

// Addresses in this document are relative to the page around it, so that following any link, even one
// to a place in here, would leave the program. Links to the documentation are opened by the page
// around (www/boot.js); links to a place in here scroll; downloads are no addresses.
addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || link.hasAttribute("download")) {
    return;
  }
  event.preventDefault();
  const address = link.getAttribute("href");
  if (address.startsWith("#")) {
    const place = document.getElementById(address.slice(1));
    place?.scrollIntoView();
    place?.focus({ preventScroll: true });
  } else {
    tell("open", address);
  }
});

// Otherwise the page around is printed, whose frame shows one screen of this document.
addEventListener("keydown", (event) => {
  if (event.key === "p" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    print();
  }
});
new ResizeObserver(() => tell("height", document.documentElement.scrollHeight)).observe(document.body);

function explain(error) {
  if (typeof WebAssembly !== "object") {
    return "This browser has no WebAssembly, or it is switched off. Use Chrome or Edge 97, Firefox 102, Safari 16, or newer.";
  }
  return String(error?.message ?? error);
}

// Says what happened, above whatever else is on the page: text areas keep what is in them.
function fault(title, text) {
  const box = document.createElement("section");
  box.className = "fault";
  box.setAttribute("role", "alert");
  const heading = document.createElement("h2");
  heading.textContent = title;
  const body = document.createElement("p");
  body.textContent = text;
  const again = document.createElement("button");
  again.textContent = "Start afresh";
  again.onclick = () => tell("again");
  box.append(heading, body, again);
  document.body.prepend(box);
  again.focus();
}
