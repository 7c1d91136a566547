#!/usr/bin/env bash
# pg 8.23.1 on Node.js 20: importing the driver loads Node's whole fetch implementation.
#
# To find out whether it runs on Cloudflare Workers, pg/lib/stream.js constructs a Response where there is no global
# `navigator`; on Node.js 20 that is the first use of undici, which is then compiled and run: as long as the rest of the
# driver takes to load. On Node.js 21 and later `navigator` exists and nothing of fetch is loaded. A function or a task that
# starts cold pays for it once per process.
#
# seen 2026-11-30, pg 8.23.1:
#   node 20.19.5: undici is loaded by require('pg'): true
#   node 22.20.0: undici is loaded by require('pg'): false
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund pg@8.23.1 node20@npm:node@20.19.5 node22@npm:node@22.20.0 >/dev/null 2>&1
probe='require("pg"); console.log(process.moduleLoadList.some((name) => name.includes("deps/undici/undici")))'
for major in 20 22; do
  node=$(find node_modules -path "*node-bin*$major*" -name node -type f 2>/dev/null | head -1)
  [ -n "$node" ] || node=$(find "node_modules/node$major" -name node -type f | head -1)
  seen=$("$node" -e "$probe")
  echo "node $("$node" -p process.versions.node): undici is loaded by require('pg'): $seen"
  [ "$seen" = "$([ "$major" = 20 ] && echo true || echo false)" ] || { echo "this has changed"; exit 1; }
done
