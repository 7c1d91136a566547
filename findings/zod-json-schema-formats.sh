#!/usr/bin/env bash
# The JSON Schema that zod 4.6.7 makes of startsWith, endsWith, includes and lowercase has formats that JSON Schema does not know,
# and Ajv in its default mode refuses the whole schema for them.
#
# z.toJSONSchema writes such a check as a `pattern`, which says all, and its own name for it as `format` besides. An editor ignores
# that; Ajv is strict unless told otherwise and does not compile the schema, ajv-formats or not, because nobody defines them.
# z.regex() gets a pattern alone. A schema for publication needs the `override` option, by which the format is removed.
#
# seen 2026-11-30, zod 4.6.7, ajv 8.20.0, ajv-formats 3.0.1, node 20:
#   startsWith: format starts_with, pattern ^arn:.*; ajv: unknown format "starts_with" ignored in schema at path "#"
#   endsWith: format ends_with, pattern .*\.json$; ajv: unknown format "ends_with" ignored in schema at path "#"
#   includes: format includes, pattern :; ajv: unknown format "includes" ignored in schema at path "#"
#   lowercase: format lowercase, pattern ^[^A-Z]*$; ajv: unknown format "lowercase" ignored in schema at path "#"
#   regex: format undefined, pattern ^a+$; ajv: compiled
#   without the format: compiled
set -euo pipefail
self=$(realpath "$0")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund zod@4.6.7 ajv@8.20.0 ajv-formats@3.0.1 >/dev/null 2>&1
cat >formats.js <<'JS'
const z = require('zod');
const Ajv = require('ajv').default;
const addFormats = require('ajv-formats').default;
const compiled = (schema) => {
  const { $schema: _, ...rest } = schema;
  try {
    addFormats(new Ajv()).compile(rest);
    return 'compiled';
  } catch (error) {
    return error.message;
  }
};
const checks = {
  startsWith: z.string().startsWith('arn:'),
  endsWith: z.string().endsWith('.json'),
  includes: z.string().includes(':'),
  lowercase: z.string().lowercase(),
  regex: z.string().regex(/^a+$/),
};
for (const [name, schema] of Object.entries(checks)) {
  const made = z.toJSONSchema(schema);
  console.log(`${name}: format ${made.format}, pattern ${made.pattern}; ajv: ${compiled(made)}`);
}
const without = z.toJSONSchema(checks.startsWith, { override: ({ jsonSchema }) => delete jsonSchema.format });
console.log(`without the format: ${compiled(without)}`);
JS
node formats.js | tee seen
diff <(grep -E '^#   (startsWith|endsWith|includes|lowercase|regex|without)' "$self" | cut -c5-) seen || { echo "this has changed"; exit 1; }
