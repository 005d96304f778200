#!/usr/bin/env bash
# Takes the screenshots of README.md anew from a fresh demo. Needs what
# `make test` installs: Chromium, node, poppler-utils.
#
#	docs/img/make.sh [PORT]
set -euo pipefail
cd "$(dirname "$0")/../.."
port=${1:-18090}
work=$(mktemp -d)
server=
ending() {
	[ -z "$server" ] || kill "$server" 2>/dev/null || true
	[ -z "$server" ] || wait "$server" 2>/dev/null || true
	rm -rf "$work"
}
trap ending EXIT

(cd test/browser && npm ci --silent)
go build -o "$work/pendopo" ./cmd/pendopo
: >"$work/said"
"$work/pendopo" demo --data "$work/data" --addr "localhost:$port" >"$work/said" 2>"$work/log" &
server=$!
for _ in $(seq 120); do
	grep -q '^Pendopo ' "$work/said" && break
	kill -0 "$server" || { cat "$work/log"; exit 1; }
	sleep 1
done

node docs/img/make.mjs "http://localhost:$port" "$work"
pdftoppm -png -r 72 -singlefile "$work/letter.pdf" docs/img/letter
for picture in docs/img/*.png; do
	[ "$(stat -c %s "$picture")" -le 150000 ] || { echo "$picture is larger than 150 kB"; exit 1; }
done
ls -l docs/img/*.png
