#!/usr/bin/env bash
# PostgreSQL 17.5: giving an array column the type that it has already rebuilds its GIN index, under ACCESS EXCLUSIVE.
#
# ALTER COLUMN TYPE writes no row when the type stays, and keeps the indexes: a btree on the same array, a GIN on a jsonb. A GIN
# index on an array keeps elements, so its own column is of the element's type; to PostgreSQL's comparison (CheckIndexCompatible,
# "for polymorphic opcintype") that is another type than the table's, and the index is built anew while everybody waits. A
# migration tool that writes the type into each change of a column, as ORMs do, pays it for a change of the default.
#
# seen 2026-11-30, @electric-sql/pglite 0.3.14 (PostgreSQL 17.5 as WebAssembly), node 20.20.2:
#   another file after ALTER ... TYPE text[]: words_gin
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @electric-sql/pglite@0.3.14 >/dev/null
cat >files.mjs <<'PROGRAM'
import { PGlite } from '@electric-sql/pglite';
const db = await PGlite.create();
await db.exec(`CREATE TABLE t (words text[], tags jsonb);
  CREATE INDEX words_gin ON t USING gin (words);
  CREATE INDEX words_btree ON t (words);
  CREATE INDEX tags_gin ON t USING gin (tags)`);
const files = async () =>
  (await db.query("SELECT relname, pg_relation_filenode(oid) AS file FROM pg_class WHERE relname ~ '^(t|words_|tags_)' ORDER BY 1")).rows;
const before = await files();
await db.exec('ALTER TABLE t ALTER COLUMN words TYPE text[], ALTER COLUMN tags TYPE jsonb');
const after = await files();
const anew = after.filter(({ file }, at) => file !== before[at].file).map(({ relname }) => relname);
console.log(`another file after ALTER ... TYPE text[]: ${anew.join(', ')}`);
PROGRAM
seen=$(node files.mjs)
echo "$seen"
[ "$seen" = 'another file after ALTER ... TYPE text[]: words_gin' ] || { echo "this has changed"; exit 1; }
