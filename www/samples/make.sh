#!/bin/bash
# Makes the certificates and the key of the samples anew: see README.md. OpenSSL 3 is enough.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/config" <<END
[ca]
default_ca = it
[it]
database = $work/index
new_certs_dir = $work
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
preserve = yes
[any]
organizationName = optional
commonName = supplied
[req]
distinguished_name = none
[none]
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[client]
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth
authorityKeyIdentifier = keyid
END
touch "$work/index"

key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 | openssl ec 2>/dev/null > "$1"; }

issue() { # file, key, extensions, subject, first moment, last moment, further words
    openssl req -new -key "$2" -subj "$4" -config "$work/config" -out "$work/request"
    openssl ca -batch -notext -config "$work/config" -keyfile "$work/ca-key.pem" -extensions "$3" \
        -in "$work/request" -startdate "$5" -enddate "$6" -out "$1" "${@:7}" 2>/dev/null
}

key "$work/ca-key.pem"
key key.pem
issue ca.pem "$work/ca-key.pem" authority /CN=kubernetes 20210101000000Z 20510101000000Z -selfsign
issue ack.pem key.pem client /O=system:users/CN=1234567890123456-1768003200 20260110000000Z 20360110000000Z -cert ca.pem
issue expired.pem key.pem client /O=system:users/CN=1234567890123456-1641772800 20220110000000Z 20250109000000Z -cert ca.pem
issue admin.pem key.pem client /O=system:masters/CN=system:admin 20260110000000Z 20360110000000Z -cert ca.pem
