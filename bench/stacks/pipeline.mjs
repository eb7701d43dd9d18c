// What every library stack does with a kubeconfig; they differ in `parse`, `certificate` and
// `claims`. It is what our core does first, and less than our core does: nothing is judged.

const bytes = Uint8Array.fromBase64
  ? (text) => Uint8Array.fromBase64(text)
  : (text) => Uint8Array.from(atob(text), (it) => it.charCodeAt(0));

const hex = (buffer) => Array.from(new Uint8Array(buffer), (it) => it.toString(16).padStart(2, "0")).join("");

export const body = (pem) => {
  const start = pem.indexOf("-----", pem.indexOf("-----BEGIN ") + 11) + 5;
  return pem.slice(start, pem.indexOf("-----END ", start));
};

// Certificates found in all clusters and users, and claims of all tokens.
export async function inspect(text, { parse, certificate, claims }) {
  const { clusters = [], users = [], contexts = [] } = parse(text);
  const found = [];
  const add = (at, data) => {
    if (data) {
      const pem = atob(data);
      found.push({ at, pem, der: bytes(body(pem)) });
    }
  };
  const keys = [];
  const tokens = [];
  for (const { name, cluster } of clusters) add(name, cluster["certificate-authority-data"]);
  for (const { name, user } of users) {
    add(name, user["client-certificate-data"]);
    if (user["client-key-data"]) keys.push(atob(user["client-key-data"]).split("-----")[1]);
    if (user.token) tokens.push({ at: name, claims: claims(user.token) });
  }
  const certificates = found.map(({ at, pem, der }) => ({ at, ...certificate(pem, der) }));
  const digests = await Promise.all(found.map(({ der }) => crypto.subtle.digest("SHA-256", der)));
  digests.forEach((it, n) => (certificates[n].sha256 = hex(it)));
  return { contexts: contexts.length, certificates, keys, tokens };
}
