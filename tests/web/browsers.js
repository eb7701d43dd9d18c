// Which browsers there are, and how they are started.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

// Without these Chromium talks to its vendor, which a test of "nothing leaves" must not see.
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Every name of this machine itself is trusted like https; this one is plain http.
  "--host-resolver-rules=MAP plain.test 127.0.0.1",
];

// Launch options for Playwright. Without a browser of the system, Playwright's own is used.
export function chromium() {
  const path = process.env.CHROMIUM || found("chromium", "chromium-browser", "google-chrome");
  return { args: QUIET, ...(path && { executablePath: path }) };
}

// Launch options for Puppeteer, or null where there is no Firefox.
export function firefox() {
  const path = process.env.FIREFOX || found("firefox-esr", "firefox");
  return path && { browser: "firefox", executablePath: path, headless: true };
}

function found(...names) {
  for (const folder of process.env.PATH.split(delimiter)) {
    for (const name of names) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // Not here.
      }
    }
  }
  return null;
}
