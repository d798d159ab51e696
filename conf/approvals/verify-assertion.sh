#!/bin/sh
# verify-assertion.sh KEY.pem ASSERTION: prints the claims of an approval's assertion if the key signed it. Needs openssl
# alone, and asks nobody. The key: `warifu assertion key`.
set -eu
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
decode() {
    text=$(tr '_-' '/+')
    while [ $((${#text} % 4)) -ne 0 ]; do text="$text="; done
    printf %s "$text" | openssl base64 -d -A
}
printf %s "${2%.*}" >"$work/signed"
printf %s "${2##*.}" | decode >"$work/signature"
openssl pkeyutl -verify -pubin -inkey "$1" -rawin -in "$work/signed" -sigfile "$work/signature" >&2
claims=${2#*.} && printf %s "${claims%.*}" | decode
