// The ways in which a page can make a browser send something: each function is run in the program's
// own frame and tries to reach `to`, an address that counts what arrives. None of them may.
//
// Whether a vector works at all is tried first, in the same page without policy, lock and sandbox.

export const vectors = {
  fetch: (to) => fetch(to, { mode: "no-cors" }),
  "fetch with keepalive": (to) => fetch(to, { mode: "no-cors", keepalive: true, method: "POST" }),
  XMLHttpRequest: (to) => {
    const request = new XMLHttpRequest();
    request.open("GET", to);
    request.send();
  },
  WebSocket: (to) => new WebSocket(to.replace("http:", "ws:")),
  EventSource: (to) => new EventSource(to),
  beacon: (to) => navigator.sendBeacon(to, "x"),
  image: (to) => (new Image().src = to),
  "image in SVG": (to) => {
    document.body.insertAdjacentHTML("beforeend", `<svg><image href="${to}" width="9" height="9"/></svg>`);
  },
  "image in a style": (to) => {
    document.body.style.backgroundImage = `url(${to})`;
  },
  script: (to) => document.head.append(Object.assign(document.createElement("script"), { src: to })),
  "module script": (to) =>
    document.head.append(Object.assign(document.createElement("script"), { src: to, type: "module" })),
  "import()": (to) => import(to),
  stylesheet: (to) =>
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: to })),
  "@import": (to) =>
    document.head.append(Object.assign(document.createElement("style"), { textContent: `@import "${to}";` })),
  font: (to) => new FontFace("x", `url(${to})`).load(),
  video: (to) => document.body.append(Object.assign(document.createElement("video"), { src: to })),
  audio: (to) => new Audio(to).play(),
  track: (to) => {
    const video = Object.assign(document.createElement("video"), { crossOrigin: "anonymous" });
    const track = Object.assign(document.createElement("track"), { src: to, default: true });
    video.append(track);
    document.body.append(video);
    track.track.mode = "showing";
  },
  frame: (to) => document.body.append(Object.assign(document.createElement("iframe"), { src: to })),
  object: (to) => document.body.append(Object.assign(document.createElement("object"), { data: to })),
  embed: (to) => document.body.append(Object.assign(document.createElement("embed"), { src: to })),
  preload: (to) =>
    document.head.append(Object.assign(document.createElement("link"), { rel: "preload", as: "image", href: to })),
  modulepreload: (to) =>
    document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href: to })),
  prefetch: (to) =>
    document.head.append(Object.assign(document.createElement("link"), { rel: "prefetch", href: to })),
  "worker of a blob": (to) => {
    const text = `fetch(${JSON.stringify(to)}, { mode: "no-cors" })`;
    new Worker(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
  },
  "worker of a data URL": (to) => {
    new Worker(`data:text/javascript,fetch(${encodeURIComponent(JSON.stringify(to))},{mode:"no-cors"})`);
  },
  "shared worker": (to) => {
    const text = `fetch(${JSON.stringify(to)}, { mode: "no-cors" })`;
    new SharedWorker(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
  },
  form: (to) => {
    const form = Object.assign(document.createElement("form"), { action: to, method: "post", target: "sink" });
    document.body.append(Object.assign(document.createElement("iframe"), { name: "sink" }), form);
    form.submit();
  },
  "window.open": (to) => window.open(to),
  "a link in a new window": (to) => {
    const link = Object.assign(document.createElement("a"), { href: to, target: "_blank" });
    // Not in the document: no click handler of ours sees it.
    link.click();
  },
  "WebRTC in a frame of its own": (to) => {
    const frame = document.body.appendChild(document.createElement("iframe"));
    new frame.contentWindow.RTCPeerConnection();
    return fetch.call(frame.contentWindow, to, { mode: "no-cors" });
  },
  WebRTC: async (to) => {
    const servers = [{ urls: `stun:${new URL(to).host}` }];
    const connection = new RTCPeerConnection({ iceServers: servers });
    connection.createDataChannel("x");
    await connection.setLocalDescription(await connection.createOffer());
  },
};

// These replace the document when they work, so each is tried in a page of its own.
export const navigations = {
  location: (to) => location.assign(to),
  "location of the page around": (to) => (top.location = to),
  "a plain link": (to) => {
    const link = Object.assign(document.createElement("a"), { href: to });
    document.body.append(link);
    link.click();
  },
  "a link for the page around": (to) => {
    const link = Object.assign(document.createElement("a"), { href: to, target: "_top" });
    document.body.append(link);
    link.click();
  },
  // Not in the document, so that no handler of ours sees the click.
  ping: (to) => Object.assign(document.createElement("a"), { href: "#", ping: to }).click(),
  "a download from elsewhere": (to) => Object.assign(document.createElement("a"), { href: to, download: "x" }).click(),
  "a link out of the document": (to) => Object.assign(document.createElement("a"), { href: to }).click(),
  "meta refresh": (to) => {
    const meta = document.createElement("meta");
    meta.httpEquiv = "refresh";
    meta.content = `0;url=${to}`;
    document.head.append(meta);
  },
  "a form for the page around": (to) => {
    const form = Object.assign(document.createElement("form"), { action: to, target: "_top" });
    document.body.append(form);
    form.submit();
  },
  // The frame may go to what it has written itself, as downloads do: the policies go with it.
  "a document of its own": (to) => {
    const script = `fetch("${to}", { mode: "no-cors" }); new Image().src = "${to}"`;
    const html = `<script>${script}</script><img src="${to}"><meta http-equiv="refresh" content="0;url=${to}">`;
    location.assign(URL.createObjectURL(new Blob([html], { type: "text/html" })));
  },
};

// What the first policy forbids beside sending. Each tells whether it was refused.
export const forbidden = {
  "base-uri": () => {
    const before = document.baseURI;
    document.head.append(Object.assign(document.createElement("base"), { href: "https://base.invalid/" }));
    return document.baseURI === before;
  },
  "script-src": () => {
    try {
      document.head.append(Object.assign(document.createElement("script"), { text: "globalThis.ran = true" }));
    } catch {
      // Trusted Types refused the text.
    }
    return !globalThis.ran;
  },
  "worker-src": async () => {
    const text = new Blob(["postMessage(0)"], { type: "text/javascript" });
    try {
      const worker = new Worker(URL.createObjectURL(text));
      return await new Promise((done) => {
        worker.onmessage = () => done(false);
        worker.onerror = () => done(true);
      });
    } catch {
      return true;
    }
  },
  "require-trusted-types-for": () => {
    try {
      document.createElement("p").innerHTML = "<b>text</b>";
      return false;
    } catch {
      return true;
    }
  },
  "trusted-types": () => {
    try {
      return !trustedTypes.createPolicy("any", { createHTML: (it) => it });
    } catch {
      return true;
    }
  },
};

// One string that runs `vector` and swallows how it fails.
export function attempt(vector, to) {
  return `(async () => { try { await (${vector})(${JSON.stringify(to)}) } catch {} })() && 0`;
}
