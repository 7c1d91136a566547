#!/usr/bin/env bash
# esbuild 0.28.2 keeps the schema of every operation of an AWS REST client (v3), used or not; rollup drops them.
#
# The generated schemas of REST clients hold objects with computed keys, `{ [_h]: ["GET", …] }`, where `_h` is a constant
# string of the same file. esbuild takes evaluating a computed key for a possible side effect, so a bundle that only reads one
# object from S3 contains all 108 operations' schemas: `sideEffects: false` and the module build do not help. Clients with a
# JSON protocol have few such keys and are shaken as expected. With rollup, or with the keys written out before esbuild sees
# them, the unused ones go.
#
# seen 2026-11-30, esbuild 0.28.2, rollup 4.53.3, @aws-sdk/client-s3 3.1169.0, @aws-sdk/client-dynamodb 3.1162.0:
#   esbuild, s3:        schema of DeleteBucketCors kept
#   esbuild, dynamodb:  schema of DeleteBackup dropped
#   esbuild, s3 with plain keys: schema of DeleteBucketCors dropped
#   rollup, s3:         schema of DeleteBucketCors dropped
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund esbuild@0.28.2 rollup@4.53.3 @rollup/plugin-node-resolve@16.0.3 \
  @rollup/plugin-commonjs@29.0.0 @rollup/plugin-json@6.1.0 @aws-sdk/client-s3@3.1169.0 @aws-sdk/client-dynamodb@3.1162.0 >/dev/null 2>&1
echo "export { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';" >s3.mjs
echo "export { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';" >dynamodb.mjs
bundle() { npx esbuild "$1.mjs" --bundle --minify --platform=node --format=esm --main-fields=module,main --outfile="$2" --log-level=error; }
# expect LABEL FILE WORD kept|dropped
expect() {
  seen=$(grep -q "$3" "$2" && echo kept || echo dropped)
  printf '%-29s schema of %s %s\n' "$1:" "$3" "$seen"
  [ "$seen" = "$4" ] || { echo "this has changed"; exit 1; }
}
bundle s3 s3.out.mjs && expect 'esbuild, s3' s3.out.mjs DeleteBucketCors kept
bundle dynamodb dynamodb.out.mjs && expect 'esbuild, dynamodb' dynamodb.out.mjs DeleteBackup dropped
cat >rollup.config.mjs <<'CONFIG'
import resolve from '@rollup/plugin-node-resolve';
import commonjs from '@rollup/plugin-commonjs';
import json from '@rollup/plugin-json';
export default {
  input: 's3.mjs', output: { file: 'rollup.out.mjs', inlineDynamicImports: true }, onwarn() {},
  plugins: [resolve({ preferBuiltins: true, mainFields: ['module', 'main'] }), commonjs(), json()],
};
CONFIG
npx rollup --config --silent && expect 'rollup, s3' rollup.out.mjs DeleteBucketCors dropped
node - <<'SCRIPT'
const fs = require('fs');
const file = require.resolve('@aws-sdk/client-s3/package.json').replace('package.json', 'dist-es/schemas/schemas_0.js');
const code = fs.readFileSync(file, 'utf8');
const names = new Map([...code.matchAll(/^const (\w+) = ("[^"]*");$/gm)].map(([, name, text]) => [name, text]));
fs.writeFileSync(file, code.replace(/\[(\w+)\]: /g, (key, name) => (names.has(name) ? `${names.get(name)}: ` : key)));
SCRIPT
bundle s3 plain.out.mjs && expect 'esbuild, s3 with plain keys' plain.out.mjs DeleteBucketCors dropped
