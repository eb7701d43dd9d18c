import { launch, serve } from "./browser.mjs";
import { build } from "esbuild";
const [probe, size = "1000", second] = process.argv.slice(2);
const { outputFiles } = await build({ entryPoints: ["stacks/core.mjs"], bundle: true, minify: false, format: "esm", target: "es2022", write: false });
const js = Buffer.from(outputFiles[0].contents);
const server = await serve({"/fleet/": "/tmp/fleet", "/probe.wasm": probe, "/p.js": js, "/p.html": Buffer.from(`<!doctype html><meta charset=utf-8><title>x</title><script type=module src="/p.js"></script>`)});
const sum = new Map(); let total = 0;
for (let r = 0; r < 3; r++) {
  const browser = await launch();
  const context = await browser.newContext(); const page = await context.newPage();
  await page.goto(`${server.url}/p.html`); await page.waitForFunction(() => globalThis.inspect);
  await page.evaluate(async (s) => { globalThis.text = await (await fetch(`/fleet/${s}.yaml`)).text(); }, size);
  if (second) for (let i = 0; i < 4; i++) await page.evaluate(() => globalThis.inspect(globalThis.text).certificates.length);
  const session = await context.newCDPSession(page);
  await session.send("Profiler.enable"); await session.send("Profiler.setSamplingInterval", { interval: 200 });
  await session.send("Profiler.start");
  await page.evaluate(() => globalThis.inspect(globalThis.text).certificates.length);
  const { profile } = await session.send("Profiler.stop");
  const by = new Map(profile.nodes.map((n) => [n.id, n.callFrame.functionName]));
  profile.samples.forEach((id, i) => { const t = profile.timeDeltas[i] / 1000; const n = by.get(id); sum.set(n, (sum.get(n) ?? 0) + t); if (n !== "(idle)") total += t; });
  await browser.close();
}
const short = (n) => n.replace(/\$?_ZN\d*/,"").slice(0, 110);
for (const [n, t] of [...sum].sort((a, b) => b[1] - a[1]).slice(0, 60)) console.log((t / 3).toFixed(1).padStart(8), short(n));
console.log("total", (total / 3).toFixed(1));
server.close();
