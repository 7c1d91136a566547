#!/usr/bin/env bash
# PostgreSQL 17.5: a primary key and a UNIQUE constraint on the same column become one, under the name of the UNIQUE.
#
# CREATE TABLE t (id int PRIMARY KEY, CONSTRAINT one UNIQUE (id)) reads as two constraints, t_pkey and one. PostgreSQL leaves out
# the second index and gives its name to the first: there is no t_pkey, and who drops "one" as superfluous drops the primary key.
# The same UNIQUE added by a statement of its own is a second constraint.
#
# seen 2026-11-30, @electric-sql/pglite 0.3.14 (PostgreSQL 17.5 as WebAssembly), node 20.20.2:
#   in one statement: one p; in two: one u, t_pkey p; after DROP CONSTRAINT one the table of the first has none
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @electric-sql/pglite@0.3.14 >/dev/null
cat >keys.mjs <<'PROGRAM'
import { PGlite } from '@electric-sql/pglite';
const db = await PGlite.create();
const keys = async (table) => {
  const { rows } = await db.query(
    "SELECT conname, contype FROM pg_constraint WHERE conrelid = $1::regclass AND contype IN ('p', 'u') ORDER BY 1", [table]);
  return rows.map(({ conname, contype }) => `${conname} ${contype}`).join(', ') || 'none';
};
await db.exec('CREATE TABLE t (id int PRIMARY KEY, CONSTRAINT one UNIQUE (id))');
const together = await keys('t');
await db.exec('ALTER TABLE t DROP CONSTRAINT one');
const dropped = await keys('t');
await db.exec('DROP TABLE t; CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t ADD CONSTRAINT one UNIQUE (id)');
console.log(`in one statement: ${together}; in two: ${await keys('t')}; after DROP CONSTRAINT one the table of the first has ${dropped}`);
PROGRAM
seen=$(node keys.mjs)
echo "$seen"
[ "$seen" = 'in one statement: one p; in two: one u, t_pkey p; after DROP CONSTRAINT one the table of the first has none' ] ||
  { echo "this has changed"; exit 1; }
