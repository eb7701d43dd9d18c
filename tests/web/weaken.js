// Copies of the page with one thing taken away, to see that the tests and the page itself notice.

// Replaces texts in index.html as it is served. Scripts are allowed by their hashes, so where one is
// changed any script is allowed instead. A text that is not there fails the test: it would prove nothing.
export function weaken(changes) {
  return (name, bytes) => {
    if (name !== "index.html") {
      return bytes;
    }
    const inline = [/script-src [^;&"]*/g, "script-src 'unsafe-inline' 'wasm-unsafe-eval'"];
    return [inline, ...changes].reduce((html, [from, to]) => {
      const changed = html.replaceAll(from, to);
      if (changed === html) {
        throw new Error(`index.html holds no ${from}`);
      }
      return changed;
    }, bytes.toString());
  };
}

// Everything off: the page as it would be without this project's care.
export const unlocked = weaken([
  [/<meta http-equiv="Content-Security-Policy"[^>]*>/g, ""],
  [/&lt;meta http-equiv=&quot;Content-Security-Policy&quot;.*?&quot;&gt;/g, ""],
  [/default-src 'none'(; frame-src blob:|; script-src [^;&"]*)?/g, ""],
  [/sandbox="[^"]*"/g, ""],
  [/RTCPeerConnection/g, "NothingAtAll"],
  [/x-dns-prefetch-control/g, "nothing-at-all"],
]);
