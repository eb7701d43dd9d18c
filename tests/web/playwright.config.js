// How the built page is driven. `cargo xtask test` says where the browsers are; without it the
// usual places are tried, so that `npx playwright test` works too.

import { defineConfig } from "@playwright/test";

import { chromium } from "./browsers.js";

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.js",
  outputDir: "artefacts",
  fullyParallel: true,
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  timeout: 30_000,
  // A full machine delays a browser by seconds; what is broken is broken the second time, too.
  retries: process.env.CI ? 2 : 0,
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1280, height: 800 },
    // Colors in the middle of a transition are nobody's colors.
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: chromium(),
    screenshot: "only-on-failure",
  },
});
