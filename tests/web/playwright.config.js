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
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1280, height: 800 },
    launchOptions: chromium(),
    screenshot: "only-on-failure",
  },
});
