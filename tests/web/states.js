// The states of the page that are looked at: each is entered from the empty page.

import { cancelEarly, panic } from "./faults.js";
import { drop, dropUnreadable, jwt, many, paste, sample, withToken } from "./given.js";

// The parts of the details, each where it has something to say.
const DETAILS = {
  connection: [sample("unverified.yaml"), "Connection"],
  tls: [sample("k3s.yaml"), "TLS and CA"],
  identity: [sample("ack.yaml"), "Identity"],
  certificates: [sample("k3s.yaml"), "Certificates"],
  token: [withToken({ token: jwt({ iss: "https://issuer.example", sub: "alice", aud: ["kubernetes"], exp: 1900000000 }) }), "Token"],
  program: [sample("eks.yaml"), "Exec"],
  impersonation: [withToken().replace("{token:", "{as: bob, as-groups: [dev], token:"), "Impersonation"],
  files: [sample("ack.yaml"), "Files"],
  commands: [sample("ack.yaml"), "Commands"],
};

export const STATES = {
  empty: async () => {},
  healthy: (app) => paste(app, sample("ack.yaml")),
  expired: (app) => paste(app, sample("expired.yaml")),
  unverified: (app) => paste(app, sample("unverified.yaml")),
  exec: (app) => paste(app, sample("eks.yaml")),
  broken: (app) => paste(app, sample("broken.yaml")),
  noise: (app) => paste(app, "not a kubeconfig"),
  several: async (app) => {
    await drop(app, { "a.yaml": sample("ack.yaml"), "b.yaml": sample("expired.yaml"), "c.yaml": withToken() });
    await app.getByRole("radio", { name: "Merged as KUBECONFIG would" }).check({ force: true });
  },
  many: async (app) => {
    await drop(app, { "a.yaml": sample("ack.yaml"), "b.yaml": sample("expired.yaml"), ...many(200) });
    await app.locator("#contexts", { hasText: "202, current first" }).waitFor();
    await app.getByLabel("Group by").selectOption("identity");
  },
  chosen: async (app) => {
    await drop(app, { "a.yaml": sample("ack.yaml"), "b.yaml": withToken() });
    await app.getByRole("radio", { name: "The open one" }).check({ force: true });
    await app.getByLabel("Names and addresses replaced").check();
    await app.getByRole("tab", { name: "Versions" }).click();
    await app.getByLabel("Version of the cluster").fill("1.30");
  },
  message: async (app) => {
    await paste(app, sample("expired.yaml"));
    await app.locator("#message").fill("error: You must be logged in to the server (Unauthorized)");
    await app.locator(".diagnosis").waitFor();
  },
  secret: async (app) => {
    await paste(app, sample("ack.yaml"));
    await app.getByRole("button", { name: "Show Private key" }).click();
  },
  editing: async (app) => {
    await paste(app, sample("ack.yaml"));
    await app.getByRole("button", { name: "Edit the text" }).click();
  },
  help: (app) => app.getByRole("button", { name: "Help and shortcuts" }).click(),
  checks: async (app) => {
    await app.getByRole("button", { name: "Help and shortcuts" }).click();
    await app.getByText(/^All \d+ checks$/).click();
  },
  proof: (app) => app.getByRole("button", { name: /Network locked/ }).click(),
  moved: async (app) => {
    await paste(app, sample("ack.yaml"));
    await app.locator("#as-of").fill("2035-08-01T12:00");
    await app.locator("#verdict", { hasText: "Renew it" }).waitFor();
  },
  nothing: async (app) => {
    await drop(app, { "a.yaml": sample("ack.yaml"), "b.yaml": withToken() });
    await app.locator("#find").fill("nobody is called that");
    await app.getByText("No context is like that.").waitFor();
  },
  timeline: async (app) => {
    const ack = (n) => [`${n}.yaml`, sample("ack.yaml").replaceAll("c0123456789abcdef", `c${n}`)];
    await drop(app, Object.fromEntries(Array.from({ length: 300 }, (_, n) => ack(n))));
    await app.locator("#contexts", { hasText: "300, current first" }).waitFor();
    await app.getByText("The same as a table").click();
  },
  stopped: async (app) => {
    await cancelEarly(app);
    await drop(app, many(3000));
    await app.getByText(/Stopped: read/).waitFor();
  },
  unread: async (app) => {
    await dropUnreadable(app, { "a.yaml": sample("ack.yaml"), "locked.yaml": "" }, ["locked.yaml"]);
    await app.locator(".unread").waitFor();
  },
  ...Object.fromEntries(Object.entries(DETAILS).map(([name, [text, tab]]) => [name, (app) => detail(app, text, tab)])),
};

// States that only loading the page anew leaves.
export const LAST = {
  panic: async (app) => {
    await paste(app, withToken());
    await panic(app);
    await app.getByText("Show what was pasted or typed").click();
  },
};

async function detail(app, text, tab) {
  await paste(app, text);
  await app.getByRole("tab", { name: tab, exact: true }).click();
}
