import { launch, serve, clock, median } from "./browser.mjs";
import { build } from "esbuild";
const probes = process.argv.slice(2);
const { outputFiles } = await build({ entryPoints: ["stacks/core.mjs"], bundle: true, minify: true, format: "esm", target: "es2022", write: false });
const js = Buffer.from(outputFiles[0].contents).toString();
const files = {"/fleet/": "/tmp/fleet"};
probes.forEach((p, i) => { files[`/p${i}.wasm`] = p; files[`/p${i}.js`] = Buffer.from(js.replace("/probe.wasm", `/p${i}.wasm`)); files[`/p${i}.html`] = Buffer.from(`<!doctype html><meta charset=utf-8><title>x</title><script type=module src="/p${i}.js"></script>`); });
const server = await serve(files);
for (const size of ["1", "100", "1000"]) {
  const t = probes.map(() => []), w = probes.map(() => []), again = probes.map(() => []);
  for (let r = 0; r < 5; r++) {
    const browser = await launch();
    for (let i = 0; i < probes.length; i++) {
      const context = await browser.newContext(); const page = await context.newPage();
      await page.goto(`${server.url}/p${i}.html`); await page.waitForFunction(() => globalThis.inspect);
      await page.evaluate(async (s) => { globalThis.text = await (await fetch(`/fleet/${s}.yaml`)).text(); }, size);
      const read = await clock(page);
      let b = await read(); await page.evaluate(() => globalThis.inspect(globalThis.text).certificates.length); t[i].push(await read() - b);
      b = await read(); await page.evaluate(() => globalThis.inspect(globalThis.text).certificates.length); again[i].push(await read() - b);
      await context.close();
    }
    await browser.close();
  }
  probes.forEach((p, i) => console.log(size, p, "cold", median(t[i]).toFixed(1), "second", median(again[i]).toFixed(1)));
}
server.close();
