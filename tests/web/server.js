// Serves a folder under a sub-path, as a plain host would, and writes down every request.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
};

export const PREFIX = "/tools/kubeconfig/";

// `change(name, bytes)` may return other bytes, or a promise of them: how the tests tamper with the page.
// `types` are the media types by the ends of names.
export async function serve(folder, { change = (_, bytes) => bytes, headers = {}, types = TYPES } = {}) {
  const requests = [];
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://host").pathname;
    requests.push(`${request.method} ${request.url}`);
    const name = path === PREFIX ? "index.html" : normalize(path.slice(PREFIX.length));
    if (!path.startsWith(PREFIX) || name.startsWith("..")) {
      response.writeHead(404).end();
      return;
    }
    try {
      const bytes = await change(name, await readFile(join(folder, name)));
      response.writeHead(200, { "content-type": types[extname(name)] ?? "application/octet-stream", ...headers });
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  server.on("upgrade", (request, socket) => {
    requests.push(`UPGRADE ${request.url}`);
    socket.destroy();
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  return {
    url: `http://127.0.0.1:${port}${PREFIX}`,
    requests,
    close: () => new Promise((done) => (server.closeAllConnections(), server.close(done))),
  };
}
