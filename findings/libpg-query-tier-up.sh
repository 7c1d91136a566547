#!/usr/bin/env bash
# libpg-query 18.1.5: most of what a short program pays for parsing SQL is V8 optimising the parser's WebAssembly.
#
# PostgreSQL's parser is a few very large WebAssembly functions. Once they are warm V8 compiles them anew in the background with
# its optimising compiler, which for them takes more time and more memory than to parse a thousand statements. A program that
# ends after seconds never earns it back: without tier-up the same work takes less CPU and half of the memory.
#
# seen 2026-11-30, libpg-query 18.1.5, node 20.19.5 (a busy machine; the ratios are what is checked):
#   as it is: 0.4 s of CPU, 105 MiB; without tier-up: 0.2 s, 57 MiB
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund libpg-query@18.1.5 node20@npm:node@20.19.5 >/dev/null 2>&1
node=$(find node_modules -path '*bin/node' -type f | head -1)
cat >parse.js <<'PROGRAM'
const { loadModule, parseSync } = require('libpg-query');
loadModule().then(() => {
  for (let n = 0; n < 2000; n++)
    parseSync(`CREATE TABLE t${n} (id bigint PRIMARY KEY, name text NOT NULL DEFAULT 'x', at timestamptz CHECK (at > '2020-01-01'));
      CREATE INDEX ON t${n} (lower(name)) WHERE id > ${n}; ALTER TABLE t${n} ADD FOREIGN KEY (id) REFERENCES t0 (id);`);
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    console.log(((user + system) / 1e6).toFixed(1), Math.round(process.resourceUsage().maxRSS / 1024));
  });
});
PROGRAM
read -r cpu mib < <("$node" parse.js)
read -r lesscpu lessmib < <("$node" --no-wasm-tier-up --no-wasm-dynamic-tiering parse.js)
echo "as it is: $cpu s of CPU, $mib MiB; without tier-up: $lesscpu s, $lessmib MiB"
awk -v a="$cpu" -v b="$lesscpu" -v m="$mib" -v n="$lessmib" 'BEGIN { exit !(a > 1.2 * b && m > 1.2 * n) }' || { echo "this has changed"; exit 1; }
