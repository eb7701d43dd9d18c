// The strongest plain JavaScript that we could write for these files, without a library: lines
// instead of YAML, one walk over the DER. It reads what cluster installers write and nothing else:
// no flow style, no quotes across lines, no anchors, no tags. It is a floor, not a competitor.

import { inspect } from "./pipeline.mjs";

function parse(text) {
  const file = {};
  let list, item, below;
  for (let from = 0; from < text.length; ) {
    let to = text.indexOf("\n", from);
    if (to < 0) to = text.length;
    let start = from;
    while (text.charCodeAt(start) === 0x20) start++;
    const begins = text.startsWith("- ", start);
    if (begins) start += 2;
    const colon = text.indexOf(":", start);
    const key = text.slice(start, colon);
    const value = text.slice(colon + 2, to);
    const indent = start - from;
    if (indent === 0) list = value ? undefined : (file[key] = []);
    else if (begins) list.push((item = {}));
    if (indent === 2) value ? (item[key] = value) : (below = item[key] = {});
    if (indent === 4) below[key] = value;
    from = to + 1;
  }
  return file;
}

const OIDS = { 550403: "CN", 550406: "C", 550407: "L", 550408: "ST", "55040a": "O", "55040b": "OU" };
const CURVES = { "2a8648ce3d030107": "P-256", "2b81040022": "P-384", "2b81040023": "P-521" };
const decoder = new TextDecoder();
let der, at, end;

// Opens the next element: `at` is its first byte, `end` the one behind it.
function open() {
  const tag = der[at++];
  let length = der[at++];
  if (length > 127) {
    let count = length & 127;
    for (length = 0; count > 0; count--) length = length * 256 + der[at++];
  }
  end = at + length;
  return tag;
}

function skip() {
  open();
  at = end;
}

function hex() {
  let text = "";
  for (; at < end; at++) text += (der[at] < 16 ? "0" : "") + der[at].toString(16);
  return text;
}

function string() {
  const text = decoder.decode(der.subarray(at, end));
  at = end;
  return text;
}

function name() {
  open();
  const parts = [];
  for (const last = end; at < last; ) {
    open();
    for (const set = end; at < set; ) {
      open();
      open();
      const oid = hex();
      open();
      parts.push(`${OIDS[oid] ?? oid}=${string()}`);
    }
  }
  return parts.join(", ");
}

function moment() {
  const century = open() === 0x17 ? "20" : "";
  const it = century + string();
  return Date.UTC(it.slice(0, 4), it.slice(4, 6) - 1, it.slice(6, 8), it.slice(8, 10), it.slice(10, 12), it.slice(12, 14));
}

function key() {
  open();
  const last = end;
  open();
  const behind = end;
  open();
  const algorithm = hex();
  let words = algorithm;
  if (algorithm === "2a8648ce3d0201") {
    open();
    words = `EC ${CURVES[hex()]}`;
  } else if (algorithm === "2a864886f70d010101") {
    at = behind;
    open();
    at++;
    open();
    open();
    while (der[at] === 0) at++;
    words = `RSA ${(end - at) * 8 + 24 - Math.clz32(der[at])}`;
  }
  at = last;
  return words;
}

function names(last) {
  const sans = [];
  while (at < last) {
    if (open() !== 0xa3) {
      at = end;
      continue;
    }
    open();
    for (const all = end; at < all; ) {
      open();
      const next = end;
      open();
      if (hex() === "551d11") {
        if (open() === 1) skip(open());
        open();
        for (const list = end; at < list; ) {
          const kind = open();
          sans.push(`${kind}:${string()}`);
        }
      }
      at = next;
    }
  }
  return sans;
}

function certificate(_pem, bytes) {
  der = bytes;
  at = 0;
  open();
  open();
  const last = end;
  if (open() === 0xa0) {
    at = end;
    open();
  }
  const serial = hex();
  skip();
  const issuer = name();
  open();
  const [notBefore, notAfter, subject] = [moment(), moment(), name()];
  return { serial, issuer, notBefore, notAfter, subject, key: key(), sans: names(last) };
}

const claims = (token) => JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));

globalThis.inspect = (text) => inspect(text, { parse, certificate, claims });
