// cold and second paste of one kubeconfig on the built page
import { readFileSync } from "node:fs";
import { launch, serve, clock, median } from "./browser.mjs";
const dist = process.argv[2], wait = Number(process.argv[3] ?? 0);
const server = await serve({ "/page/": dist });
const one = readFileSync("/tmp/fleet/1.yaml", "utf8");
const cold = [], second = [], first = [];
for (let r = 0; r < 7; r++) {
  const browser = await launch();
  const context = await browser.newContext(); const page = await context.newPage();
  await page.addInitScript(`Date.now = () => ${Date.parse("2026-01-15T12:00:00Z")}`);
  await page.goto(`${server.url}/page/`, { waitUntil: "commit" });
  let frame;
  for (;;) { for (const f of page.frames()) if (await f.evaluate(() => Boolean(document.querySelector("#input"))).catch(() => false)) frame = f; if (frame) break; await new Promise((d) => setTimeout(d, 5)); }
  await new Promise((d) => setTimeout(d, wait));
  const read = await clock(page);
  const paste = async () => {
    const b = await read();
    const wall = await frame.evaluate(async (text) => {
      const field = document.querySelector("#input"); field.value = text;
      const t = performance.now();
      field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertFromPaste" }));
      while (!document.querySelector(".verdict")) await new Promise((d) => requestAnimationFrame(d));
      await new Promise((d) => requestAnimationFrame(d));
      const w = performance.now() - t;
      await new Promise((d) => setTimeout(d, 500));
      return w;
    }, one);
    return [await read() - b, wall];
  };
  const [c, w] = await paste(); cold.push(c); first.push(w);
  await frame.evaluate(() => [...document.querySelectorAll("button")].find((b) => b.textContent.trim() === "Clear")?.click());
  await frame.waitForSelector("#input"); await new Promise((d) => setTimeout(d, 300));
  second.push((await paste())[0]);
  await browser.close();
}
console.log("cold", median(cold).toFixed(1), "wall", median(first).toFixed(1), "second", median(second).toFixed(1));
server.close();
