// Whole tickets, as people copy them: prose, a terminal, a kubeconfig. Each is taken apart and
// answered on the page.

import { expect, test } from "./fixtures.js";
import { paste, sample, withToken } from "./given.js";

const first = (app) => app.locator(".diagnosis > li").first();
const steps = (app) => first(app).locator("ol > li");
const commands = (app) => first(app).locator(".command code");

test("a name that the certificate does not have: the safe ways stand first", async ({ app }) => {
  const config = `apiVersion: v1
kind: Config
clusters:
- name: public
  cluster: {server: "https://203.0.113.10:6443", certificate-authority: ca.crt}
- name: private
  cluster: {server: "https://10.0.0.5:6443", certificate-authority: ca.crt}
contexts:
- {name: outside, context: {cluster: public, user: alice}}
- {name: inside, context: {cluster: private, user: alice}}
current-context: outside
users:
- {name: alice, user: {token: a-token-for-the-tests}}
`;
  await paste(app, `Hello, we bound a new address to the load balancer, and since then:

\`\`\`
$ kubectl get nodes
Unable to connect to the server: tls: failed to verify certificate: x509: certificate is valid for kubernetes, 10.96.0.1, 10.0.0.5, not 203.0.113.10
\`\`\`

The kubeconfig:

\`\`\`yaml
${config}\`\`\`
Thank you!`);
  await expect(app.locator("#message")).toHaveValue(/not 203\.0\.113\.10/);
  await expect(first(app).getByRole("heading", { level: 3 })).toContainText("203.0.113.10");
  await expect(first(app)).toContainText("Context outside");
  await expect(steps(app)).toHaveText([
    /context inside/, /tls-server-name: kubernetes/, /Add 203\.0\.113\.10/, /ACK managed cluster/, /^Last resort, never in production/,
  ]);
  await expect(commands(app)).toHaveText([
    "kubectl --context inside get namespaces",
    "kubectl config set-cluster public --tls-server-name=kubernetes",
    "kubectl --context outside --insecure-skip-tls-verify get namespaces",
    "kubectl config set-cluster public --insecure-skip-tls-verify=true",
  ]);
  await expect(first(app)).toContainText("Ruled out");
});

test("an expired client certificate, with the repeated lines of a newer kubectl", async ({ app }) => {
  const line = 'E1125 10:15:01.123456   12345 memcache.go:265] "Unhandled Error" err="couldn\'t get current server API group list: the server has asked for the client to provide credentials"\n';
  await paste(app, `${line.repeat(5)}error: You must be logged in to the server (the server has asked for the client to provide credentials)
---
${sample("expired.yaml")}`);
  await expect(first(app).getByRole("heading", { level: 3 })).toContainText("client certificate in this kubeconfig has expired");
  await expect(first(app)).toContainText("2025-01-09");
  await expect(app.locator(".diagnosis > li")).toHaveCount(1);
});

test("a sign-in program that is not there, from a Windows terminal", async ({ app }) => {
  await paste(app, sample("eks.yaml"));
  await app.locator("#message").fill(`PS C:\\Users\\alice> kubectl get pods
Unable to connect to the server: getting credentials: exec: executable aws not found

It looks like you are trying to use a client-go credential plugin that is not installed.

To learn more about this feature, consult the documentation available at:
      https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins`);
  await expect(first(app).getByRole("heading", { level: 3 })).toContainText("aws");
  await expect(steps(app).first()).toContainText("Install the AWS command line");
  await expect(commands(app).last()).toHaveText("command -v aws");
  await expect(first(app)).not.toContainText("kubernetes.io");
});

test("a message in colors, with another language around it, and the cause in the network", async ({ app }) => {
  await paste(app, withToken({ server: "https://10.0.0.5:6443" }));
  await app.locator("#message").fill(
    "你好，请帮忙看一下：\n\u001b[31mUnable to connect to the server: dial tcp 10.0.0.5:6443: i/o timeout\u001b[0m\n谢谢",
  );
  await expect(first(app).getByRole("heading", { level: 3 })).toContainText("private address");
  await expect(first(app)).toContainText("Ruled out");
});

test("what nobody knows is said to be unknown, with what was recognized in it", async ({ app }) => {
  await paste(app, withToken({ server: "https://10.0.0.5:6443" }));
  await app.locator("#message").fill("flux: giving up on https://10.0.0.5:6443 (418) while writing /var/run/a.sock");
  await expect(first(app).getByRole("heading", { level: 3 })).toHaveText(/not one that is known here/);
  await expect(first(app)).toContainText("10.0.0.5 port 6443");
  await expect(first(app)).toContainText("418");
  await expect(first(app)).toContainText("/var/run/a.sock");
  await expect(app.locator(".diagnosis > li")).toHaveCount(1);
});

test("without a message the next one is told, and explained when asked", async ({ app }) => {
  await paste(app, sample("expired.yaml"));
  const next = app.locator(".prediction").first();
  await expect(next).toContainText("You must be logged in to the server");
  await next.getByRole("button", { name: "Explain" }).click();
  await expect(app.locator("#message")).toHaveValue(/You must be logged in/);
  await expect(first(app)).toContainText(/expired/i);
  await expect(app.locator(".prediction")).toHaveCount(0);
});
