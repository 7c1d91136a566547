#!/usr/bin/env bash
# esbuild 0.28.2 heeds `@__NO_SIDE_EFFECTS__` on a function only for calls in the function's own file; rollup also for importers.
#
# A library marks its factories so that what is made with them and not used can be left out of a bundle; zod 4 and zod/mini do.
# With esbuild every module-level value that another file makes with such a factory stays. What works in both: a `@__PURE__` at
# each call, or a plain object literal in place of a call.
#
# seen 2026-11-30, esbuild 0.28.2, rollup 4.53.3, zod 4.6.7:
#   esbuild, called in the same file: dropped
#   esbuild, called in another file: kept
#   rollup, called in another file: dropped
#   esbuild, an unused zod/mini schema: kept
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund esbuild@0.28.2 rollup@4.53.3 zod@4.6.7 >/dev/null 2>&1
printf '// @__NO_SIDE_EFFECTS__\nexport function make(name) { return { name }; }\nexport const own = make("MARK");\n' >same.mjs
printf 'export { make } from "./same.mjs";\n' >same-entry.mjs
printf '// @__NO_SIDE_EFFECTS__\nexport function make(name) { return { name }; }\n' >make.mjs
printf 'import { make } from "./make.mjs";\nexport const other = make("MARK");\nexport const used = 1;\n' >values.mjs
printf 'export { used } from "./values.mjs";\n' >entry.mjs
printf 'import * as z from "zod/mini";\nexport const schema = z.object({ MARK: z.string() });\nexport const used = 1;\n' >schemas.mjs
printf 'export { used } from "./schemas.mjs";\n' >schema-entry.mjs
# expect LABEL FILE kept|dropped
expect() {
  seen=$(grep -q MARK "$2" && echo kept || echo dropped)
  echo "$1: $seen"
  [ "$seen" = "$3" ] || { echo "this has changed"; exit 1; }
}
esbuild() { npx esbuild "$1" --bundle --format=esm --outfile="$2" --log-level=error; }
esbuild same-entry.mjs 1.out.mjs && expect 'esbuild, called in the same file' 1.out.mjs dropped
esbuild entry.mjs 2.out.mjs && expect 'esbuild, called in another file' 2.out.mjs kept
npx rollup entry.mjs --format es --file 3.out.mjs --silent && expect 'rollup, called in another file' 3.out.mjs dropped
esbuild schema-entry.mjs 4.out.mjs && expect 'esbuild, an unused zod/mini schema' 4.out.mjs kept
