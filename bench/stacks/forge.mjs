// js-yaml, node-forge and jwt-decode: the fastest stack of libraries that we found.
//
// node-forge reads certificates with RSA keys only; the rest is walked with its ASN.1 reader.

import { load } from "js-yaml";
import { jwtDecode } from "jwt-decode";
import forge from "node-forge";

import { inspect } from "./pipeline.mjs";

const { asn1, pki, util } = forge;

function certificate(pem) {
  const tree = asn1.fromDer(pki.pemToDer(pem));
  const fields = tree.value[0].value;
  const first = fields[0].tagClass === asn1.Class.CONTEXT_SPECIFIC ? 1 : 0;
  const algorithm = fields[first + 5].value[0].value;
  if (asn1.derToOid(algorithm[0].value) === pki.oids.rsaEncryption) {
    const it = pki.certificateFromAsn1(tree);
    return {
      subject: words(it.subject.attributes),
      issuer: words(it.issuer.attributes),
      serial: it.serialNumber,
      ...it.validity,
      sans: names(it.extensions),
      key: `RSA ${it.publicKey.n.bitLength()}`,
    };
  }
  const [notBefore, notAfter] = fields[first + 3].value.map(moment);
  const extensions = fields.slice(first + 6).find((it) => it.type === 3);
  return {
    subject: words(pki.RDNAttributesAsArray(fields[first + 4])),
    issuer: words(pki.RDNAttributesAsArray(fields[first + 2])),
    serial: util.bytesToHex(fields[first].value),
    notBefore,
    notAfter,
    sans: extensions ? names(pki.certificateExtensionsFromAsn1(extensions)) : [],
    key: `EC ${asn1.derToOid(algorithm[1].value)}`,
  };
}

const words = (attributes) =>
  attributes.map((it) => `${it.shortName ?? it.type}=${util.decodeUtf8(it.value)}`).join(", ");

const names = (extensions) =>
  extensions.find((it) => it.name === "subjectAltName")?.altNames.map((it) => `${it.type}:${it.ip ?? it.value}`) ?? [];

const moment = (it) =>
  it.type === asn1.Type.UTCTIME ? asn1.utcTimeToDate(it.value) : asn1.generalizedTimeToDate(it.value);

globalThis.inspect = (text) => inspect(text, { parse: load, certificate, claims: jwtDecode });
