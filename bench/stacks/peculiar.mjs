// js-yaml, @peculiar/x509 and jwt-decode: what a search for "parse X.509 in the browser" finds.

import "reflect-metadata";
import { SubjectAlternativeNameExtension, X509Certificate } from "@peculiar/x509";
import { load } from "js-yaml";
import { jwtDecode } from "jwt-decode";

import { inspect } from "./pipeline.mjs";

function certificate(_pem, der) {
  const it = new X509Certificate(der);
  const { algorithm } = it.publicKey;
  return {
    subject: it.subject,
    issuer: it.issuer,
    serial: it.serialNumber,
    notBefore: it.notBefore,
    notAfter: it.notAfter,
    sans: it.getExtension(SubjectAlternativeNameExtension)?.names.items.map((it) => `${it.type}:${it.value}`) ?? [],
    key: algorithm.modulusLength ? `RSA ${algorithm.modulusLength}` : `EC ${algorithm.namedCurve}`,
  };
}

globalThis.inspect = (text) => inspect(text, { parse: load, certificate, claims: jwtDecode });
