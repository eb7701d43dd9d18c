// A headless Chromium, a server for it on the loopback, and how much time a page's threads took.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { brotliCompressSync } from "node:zlib";

import { chromium } from "playwright-core";

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".wasm": "application/wasm" };

export function launch() {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const executablePath =
    process.env.CHROMIUM ?? names.map((it) => spawnSync("which", [it]).stdout.toString().trim()).find(Boolean);
  if (!executablePath) throw new Error("No Chromium was found. Set CHROMIUM to its path.");
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
}

// Serves files as a static host does: brotli where the browser takes it, nothing cached. `routes`
// maps the beginning of a path to a folder, or a whole path to a file or to bytes. What the build has
// compressed is sent as it is: compressing a program takes seconds, in which nothing else is answered.
export async function serve(routes) {
  const compressed = new Map();
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://x").pathname));
    const [prefix, target] = Object.entries(routes).find(([it]) => (it.endsWith("/") ? path.startsWith(it) : path === it)) ?? [];
    let file = typeof target === "string" && prefix.endsWith("/") ? join(target, path.slice(prefix.length)) : target;
    if (typeof file === "string" && existsSync(file) && statSync(file).isDirectory()) file = join(file, "index.html");
    if (file === undefined || (typeof file === "string" && !existsSync(file))) {
      response.writeHead(404).end();
      return;
    }
    const headers = { "cache-control": "no-store", "content-type": TYPES[extname(typeof file === "string" ? file : path)] ?? "text/plain; charset=utf-8" };
    let body = typeof file === "string" ? readFileSync(file) : file;
    if (extname(path) !== ".yaml" && /\bbr\b/.test(request.headers["accept-encoding"] ?? "")) {
      if (!compressed.has(path)) compressed.set(path, built(file) ?? brotliCompressSync(body));
      body = compressed.get(path);
      headers["content-encoding"] = "br";
    }
    response.writeHead(200, { ...headers, "content-length": body.length }).end(body);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const close = () => (server.closeAllConnections(), server.close());
  return { url: `http://127.0.0.1:${server.address().port}`, close };
}

// `file` as the build has compressed it, if it has.
function built(file) {
  if (typeof file === "string" && existsSync(`${file}.br`)) return readFileSync(`${file}.br`);
}

// Milliseconds of CPU that the main threads of the page and of its frames have taken. A frame
// can live in a process of its own and has then a clock of its own.
export async function clock(page) {
  const context = page.context();
  const sessions = [await context.newCDPSession(page)];
  for (const frame of page.frames().filter((it) => it.parentFrame())) {
    const session = await context.newCDPSession(frame).catch(() => undefined);
    if (session) sessions.push(session);
  }
  for (const it of sessions) await it.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => {
    let sum = 0;
    for (const it of sessions) {
      const { metrics } = await it.send("Performance.getMetrics");
      sum += metrics.find((it) => it.name === "ThreadTime").value * 1000;
    }
    return sum;
  };
}

export function median(numbers) {
  const sorted = numbers.filter((it) => it !== undefined).sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

export function shuffled(list) {
  return list.map((it) => [Math.random(), it]).sort(([a], [b]) => a - b).map(([, it]) => it);
}
