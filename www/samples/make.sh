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
[k3s-authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, digitalSignature, keyEncipherment, keyCertSign
subjectKeyIdentifier = hash
[k3s-client]
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = clientAuth
authorityKeyIdentifier = keyid
END
touch "$work/index"

key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 | openssl ec 2>/dev/null > "$1"; }

issue() { # file, key, extensions, subject, first moment, last moment, key of the issuer, its certificate
    openssl req -new -key "$2" -subj "$4" -config "$work/config" -out "$work/request"
    openssl ca -batch -notext -config "$work/config" -keyfile "$7" -extensions "$3" \
        -in "$work/request" -startdate "$5" -enddate "$6" -out "$1" "${@:8}" 2>/dev/null
}

authority() { # file, key, extensions, subject, first moment, last moment
    key "$2"
    issue "$@" "$2" -selfsign
}

key key.pem
authority ca.pem "$work/ca.key" authority /CN=kubernetes 20210101000000Z 20510101000000Z
ours=("$work/ca.key" -cert ca.pem)
issue ack.pem key.pem client /O=system:users/CN=1234567890123456-1768003200 20260110000000Z 20360110000000Z "${ours[@]}"
issue expired.pem key.pem client /O=system:users/CN=1234567890123456-1641772800 20220110000000Z 20250109000000Z "${ours[@]}"
# Clients and servers of k3s have a CA each. Its client certificates end after a year; a sample must not.
authority k3s-server-ca.pem "$work/k3s-server-ca.key" k3s-authority /CN=k3s-server-ca@1768003200 20260110000000Z 20360108000000Z
authority k3s-client-ca.pem "$work/k3s-client-ca.key" k3s-authority /CN=k3s-client-ca@1768003200 20260110000000Z 20360108000000Z
issue admin.pem key.pem k3s-client /O=system:masters/CN=system:admin 20260110000000Z 20360108000000Z \
    "$work/k3s-client-ca.key" -cert k3s-client-ca.pem
