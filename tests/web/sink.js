// An address that must never be reached: counts what arrives, over TCP and over UDP on one port.

import { createSocket } from "node:dgram";
import { createServer } from "node:http";

export async function sink() {
  const reached = new Set();
  const count = (request) => reached.add(decodeURIComponent(request.url.slice(1).split("?")[0]));
  const server = createServer((request, response) => {
    count(request);
    response.writeHead(200, { "access-control-allow-origin": "*" }).end();
  });
  server.on("upgrade", (request, socket) => {
    count(request);
    socket.destroy();
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  const datagrams = createSocket("udp4", () => reached.add("WebRTC"));
  await new Promise((done) => datagrams.bind(port, "127.0.0.1", done));
  return {
    // Where the vector called `name` is to try to get.
    address: (name) => `http://127.0.0.1:${port}/${encodeURIComponent(name)}`,
    reached,
    async close() {
      datagrams.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
