import type { Chance } from '../chance';
import { dependants } from './dependants';
import { foreignKeys, indexes } from './keys';
import { type Made, types } from './kinds';
import { createPartitioned } from './partitioned';
import { createTable, NAMES } from './tables';
import { uses, usesOfObjects } from './uses';
import { quoted, type Table, trueOf, type World } from './world';

const emptyWorld = (major: number): World => ({
  setup: [
    `CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
    `CREATE FUNCTION public.twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n * 2'`,
    'CREATE SEQUENCE public.shared START 100000',
  ],
  schemas: ['public'],
  tables: [],
  views: [],
  materialized: [],
  heirs: [],
  sequences: ['public.shared'],
  enums: [],
  domains: [],
  composites: [],
  functions: [{ sql: 'public.twice', args: 'integer', call: 'public.twice(2)' }],
  publications: [],
  statistics: [],
  loose: [],
  uses: [
    "SELECT nextval('public.shared')",
    // it connects again
    "SELECT 1 FROM pg_roles WHERE rolname = 'app' AND rolcanlogin",
  ],
  prepared: [],
  major,
});

/** A rule that old rows were never compared with. */
function checkLater({ world, chance }: Made, table: Table) {
  const checked = chance.pick(table.columns.filter(({ generated }) => generated !== 'VIRTUAL'));
  table.checks.push({ name: `${table.name}_later`, columns: [checked.name] });
  table.notValid.push(`${table.name}_later`);
  world.setup.push(
    `ALTER TABLE ${table.sql} ADD CONSTRAINT ${quoted(`${table.name}_later`)} CHECK (${trueOf(checked).replace('IS NOT NULL', 'IS NULL OR true')}) NOT VALID`,
  );
}

/** A database that somebody may have: some tables with rows, and much that hangs on them. */
export function randomWorld(chance: Chance, major: number): World {
  const world = emptyWorld(major);
  let numbers = 0;
  const made: Made = { world, chance, number: () => numbers++ };
  if (chance.some(0.4)) {
    const name = chance.pick(['shop', '"Shop"']);
    world.schemas.push(name);
    world.setup.push(`CREATE SCHEMA ${name}`);
  }
  types(made);
  const names = chance.shuffled(NAMES).slice(0, 3 + chance.below(2));
  names.forEach((name, i) => {
    const table = i > 0 && chance.some(0.3) ? createPartitioned(made, name) : createTable(made, name);
    foreignKeys(made, table);
    world.tables.push(table);
    indexes(made, table);
  });
  for (const table of world.tables) {
    if (table.kind === 'table' && chance.some(0.25)) checkLater(made, table);
    dependants(made, table);
    uses(world, table, chance);
  }
  if (chance.some(0.5)) {
    const sql = `${chance.pick(world.schemas)}.numbers`;
    world.sequences.push(sql);
    world.setup.push(`CREATE SEQUENCE ${sql}`);
    world.uses.push(`SELECT nextval('${sql}')`);
  }
  if (chance.some(0.1)) {
    world.publications.push('schema_changes');
    world.setup.push(
      `CREATE PUBLICATION schema_changes FOR TABLES IN SCHEMA ${chance.pick(world.schemas)} WITH (publish = 'insert')`,
    );
  }
  usesOfObjects(world);
  world.setup.push(
    ...world.schemas.flatMap((schema) => [
      `GRANT USAGE ON SCHEMA ${schema} TO app`,
      `GRANT ALL ON ALL TABLES IN SCHEMA ${schema} TO app`,
      `GRANT ALL ON ALL SEQUENCES IN SCHEMA ${schema} TO app`,
    ]),
  );
  return world;
}
