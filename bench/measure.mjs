// Measures the page and the stacks beside it, and prints what it found as JSON.
//
//   node measure.mjs FLEET PAGE PROBE NOW ROUNDS
//
// FLEET holds 1.yaml to 10000.yaml and files.json, PAGE is the built page, PROBE the core as WASM,
// NOW the moment at which the fleet is judged.
// Progress goes to standard error. Every figure is from a fresh page in a fresh context, and the
// contenders take turns in random order, so that a noisy neighbor hits all of them.

import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { build } from "esbuild";

import { clock, launch, median, serve, shuffled } from "./browser.mjs";

const [fleet, page, probe, now, rounds] = process.argv.slice(2);
const STACKS = ["peculiar", "forge", "tuned", "core"];
// How long nobody pastes anything after the page has appeared, in milliseconds. The program rehearses
// in that time.
const REST = 500;
const SLOW_4G = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 };

const scripts = await bundles();
const blank = (stack) =>
  Buffer.from(`<!doctype html><meta charset=utf-8><title>${stack}</title><script type=module src="/${stack}.js"></script>`);
const server = await serve({
  "/page/": page,
  "/fleet/": fleet,
  "/probe.wasm": probe,
  ...Object.fromEntries(STACKS.flatMap((it) => [[`/${it}.html`, blank(it)], [`/${it}.js`, scripts[it]]])),
});
const result = {
  payload: payload(),
  parse: await parse(),
  start: await start(),
  verdict: await verdict(),
  memory: await memory(),
};
server.close();
console.log(JSON.stringify(result, null, 1));

async function bundles() {
  const found = {};
  for (const stack of STACKS) {
    const { outputFiles } = await build({
      entryPoints: [new URL(`stacks/${stack}.mjs`, import.meta.url).pathname],
      bundle: true,
      minify: true,
      format: "esm",
      target: "es2022",
      legalComments: "none",
      write: false,
    });
    found[stack] = Buffer.from(outputFiles[0].contents);
  }
  return found;
}

function weigh(bytes) {
  return [bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length];
}

// Raw, gzip and brotli bytes of each file of the page, and of what the stacks would load.
function payload() {
  const files = readdirSync(page).filter((it) => /^index\.html$|^kubeconfig-inspector-.*\.(wasm|js|css)$/.test(it));
  const name = (it) => it.replace(/-[0-9a-f]{16}/, "");
  return {
    page: Object.fromEntries(files.map((it) => [name(it), weigh(readFileSync(join(page, it)))])),
    probe: weigh(readFileSync(probe)),
    stacks: Object.fromEntries(STACKS.filter((it) => it !== "core").map((it) => [it, weigh(scripts[it])])),
  };
}

// Main-thread CPU of the first inspection in a fresh page, for each size and stack.
async function parse() {
  const found = {};
  for (const size of ["100", "1000", "files", "10000"]) {
    const times = Object.fromEntries(STACKS.map((it) => [it, []]));
    const turns = size === "10000" ? 1 : Number(rounds);
    for (let round = 0; round < turns; round++) {
      const browser = await launch();
      for (const stack of shuffled(STACKS)) {
        const { ms, certificates } = await parseOnce(browser, stack, size);
        const expected = 2 * (size === "files" ? 1000 : Number(size));
        if (certificates !== expected) throw new Error(`${stack} read ${certificates} certificates of ${expected}`);
        times[stack].push(ms);
        console.error(`parse ${size} ${stack}: ${ms.toFixed(0)} ms`);
      }
      await browser.close();
    }
    found[size] = Object.fromEntries(STACKS.map((it) => [it, median(times[it])]));
  }
  return found;
}

async function parseOnce(browser, stack, size) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(0);
  await page.goto(`${server.url}/${stack}.html`);
  await page.waitForFunction(() => globalThis.inspect);
  await page.evaluate(async (size) => {
    const text = await (await fetch(size === "files" ? "/fleet/files.json" : `/fleet/${size}.yaml`)).text();
    globalThis.texts = size === "files" ? JSON.parse(text) : [text];
  }, size);
  const read = await clock(page);
  const before = await read();
  const certificates = await page.evaluate(async () => {
    let sum = 0;
    for (const it of globalThis.texts) sum += (await globalThis.inspect(it)).certificates.length;
    return sum;
  });
  const ms = (await read()) - before;
  await context.close();
  return { ms, certificates };
}

// Opens the page in a fresh context, with its clock at the day of the fleet.
async function open(browser, network) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(0);
  await page.addInitScript(`Date.now = () => ${Date.parse(now)}`);
  if (network) {
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", network);
  }
  await page.goto(`${server.url}/page/`, { waitUntil: "commit" });
  return { context, page };
}

// The frame of the page when there is something to see in it: the field, which is there before the program.
async function shown(page) {
  await page.locator("html[class]").waitFor({ state: "attached" });
  return (await page.locator("#app").elementHandle()).contentFrame();
}

// The frame of the page when the program runs.
async function started(page) {
  await page.locator("html.started").waitFor({ state: "attached" });
  return shown(page);
}

// Wall milliseconds from the navigation: first paint, the first key that is in the field, and the frame in
// which the program's answer to it is drawn. The key is pressed as soon as the field is there.
async function start() {
  const found = {};
  for (const [name, network] of [["plain", undefined], ["slow 4G", SLOW_4G]]) {
    const runs = [];
    for (let round = 0; round < Number(rounds); round++) {
      const browser = await launch();
      const { page } = await open(browser, network);
      const frame = await shown(page);
      await frame.locator("#input").focus();
      await frame.evaluate(noteKey);
      await page.keyboard.press("a");
      const { key, answer } = await frame.evaluate(() => globalThis.noted);
      const { origin, paint } = await page.evaluate(() => ({
        origin: performance.timeOrigin,
        paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
      }));
      runs.push({ paint, key: key - origin, answer: answer - origin });
      console.error(`start ${name}: ${JSON.stringify(runs.at(-1))}`);
      await browser.close();
    }
    found[name] = Object.fromEntries(Object.keys(runs[0]).map((it) => [it, median(runs.map((run) => run[it]))]));
  }
  return found;
}

// Runs in the page: notes when a key that was pressed is in the field, and when the answer to it is drawn.
function noteKey() {
  const moment = () => performance.timeOrigin + performance.now();
  globalThis.noted = new Promise((done) => {
    let key;
    addEventListener("input", ({ isTrusted }) => isTrusted && (key ??= moment()), true);
    const seen = new MutationObserver(() => {
      if (document.getElementById("verdict")) {
        seen.disconnect();
        requestAnimationFrame(() => done({ key, answer: moment() }));
      }
    });
    seen.observe(document.body, { childList: true, subtree: true });
  });
}

// From the paste to the frame in which the verdict, or the first row, is there: CPU and wall
// milliseconds until everything is there, and the longest task on the way.
async function verdict() {
  const found = {};
  const folder = mkdtempSync(join(tmpdir(), "fleet-"));
  const files = JSON.parse(readFileSync(join(fleet, "files.json"))).map((text, n) => {
    const path = join(folder, `${n}.yaml`);
    writeFileSync(path, text);
    return path;
  });
  for (const size of ["1", "1000", "10000", "files"]) {
    const runs = [];
    for (let round = 0; round < (size === "10000" ? 1 : Number(rounds)); round++) {
      const browser = await launch();
      const { page } = await open(browser);
      const frame = await started(page);
      await new Promise((done) => setTimeout(done, REST));
      const read = await clock(page);
      const go = await (size === "files" ? drop(frame, files) : paste(frame, readFileSync(join(fleet, `${size}.yaml`), "utf8")));
      const before = await read();
      await go();
      const painted = (await read()) - before;
      const run = { painted, ...(await frame.evaluate(() => globalThis.settled())) };
      run.cpu = (await read()) - before;
      runs.push(run);
      console.error(`verdict ${size}: ${JSON.stringify(run)}`);
      await browser.close();
    }
    found[size] = Object.fromEntries(Object.keys(runs[0]).map((it) => [it, median(runs.map((run) => run[it]))]));
  }
  return found;
}

// Readies the page for a paste of `text`; what is returned pastes it.
async function paste(frame, text) {
  await frame.evaluate(copy, text);
  await frame.evaluate(() => globalThis.fill());
  await frame.evaluate(watch, "#verdict");
  return () => frame.evaluate(() => (globalThis.press(), globalThis.painted));
}

async function drop(frame, files) {
  await frame.evaluate(watch, "tbody tr");
  const chosen = frame.locator("input[type=file]").first();
  await frame.evaluate(() => document.addEventListener("change", () => (globalThis.began = performance.now()), { capture: true, once: true }));
  return async () => {
    await chosen.setInputFiles(files);
    await frame.evaluate(() => globalThis.painted);
  };
}

// Runs in the page: has `text` in the clipboard, from which `fill` takes it and `press` pastes it as a browser
// does, which puts into the field what the page has not taken. A clipboard is not the page's: its text
// becomes the page's when it is filled in.
function copy(text) {
  const bytes = new TextEncoder().encode(text);
  let filled;
  globalThis.fill = () => {
    filled = new DataTransfer();
    filled.setData("text/plain", new TextDecoder().decode(bytes));
  };
  globalThis.press = () => {
    const field = document.querySelector("#input");
    const clipboardData = filled;
    filled = undefined;
    globalThis.began = performance.now();
    const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    if (!field.dispatchEvent(paste)) return;
    field.value = clipboardData.getData("text/plain");
    globalThis.began = performance.now();
    field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertFromPaste" }));
  };
}

// Runs in the page: notes long tasks, when what `answer` selects is painted, and when nothing has changed
// for half a second.
function watch(answer) {
  let longest = 0;
  // What a browser does before the event, as making a list of a thousand files, is not the page's.
  const after = (it) => it.startTime + it.duration - Math.max(it.startTime, globalThis.began ?? Infinity);
  new PerformanceObserver((list) => list.getEntries().forEach((it) => (longest = Math.max(longest, after(it))))).observe({ type: "longtask" });
  let first;
  let last;
  const { port1, port2 } = new MessageChannel();
  globalThis.painted = new Promise((done) => (port1.onmessage = () => done()));
  const look = () => {
    if (!document.querySelector(answer)) return;
    requestAnimationFrame(() => {
      last = performance.now();
      // What is sent now arrives when this frame is painted.
      if (first === undefined) port2.postMessage("");
      first ??= last;
    });
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
  globalThis.settled = async () => {
    do await new Promise((done) => setTimeout(done, 100));
    while (last === undefined || performance.now() - last < 500);
    return { first: first - globalThis.began, last: last - globalThis.began, longest };
  };
}

// MiB that the renderers' resident memory rises above what it was before the paste of 10,000
// contexts, at its highest: read from the kernel, so Linux only.
async function memory() {
  const text = readFileSync(join(fleet, "10000.yaml"), "utf8");
  const browser = await launch();
  const { page } = await open(browser);
  const frame = await started(page);
  await frame.evaluate(copy, text);
  // What brought the text here is no longer needed, and would make room for what comes.
  const inside = await page.context().newCDPSession(frame).catch(() => page.context().newCDPSession(page));
  await inside.send("HeapProfiler.collectGarbage");
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const pids = processInfo.filter((it) => it.type === "renderer").map((it) => it.id);
  const status = (pid, key) => Number(readFileSync(`/proc/${pid}/status`, "utf8").match(new RegExp(`${key}:\\s+(\\d+)`))[1]) / 1024;
  const before = pids.map((pid) => {
    writeFileSync(`/proc/${pid}/clear_refs`, "5");
    return status(pid, "VmRSS");
  });
  await frame.evaluate(watch, "#verdict");
  await frame.evaluate(() => (globalThis.fill(), globalThis.press(), globalThis.settled()));
  const added = pids.map((pid, n) => status(pid, "VmHWM") - before[n]);
  console.error(`memory: ${added.map((it) => it.toFixed(0))} MiB`);
  await browser.close();
  return Math.max(...added);
}
