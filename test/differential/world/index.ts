import type { Chance } from '../chance';
import { dependants } from './dependants';
import { foreignKeys, indexes } from './keys';
import { type Made, types } from './kinds';
import { createPartitioned } from './partitioned';
import { createTable, NAMES } from './tables';
import { uses } from './uses';
import { columnsOf, quoted, trueOf, type World } from './world';

/** A database that somebody may have: some tables with rows, and much that hangs on them. */
export function randomWorld(chance: Chance, major: number): World {
  const world: World = {
    setup: [`CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`],
    schemas: ['public'],
    tables: [],
    views: [],
    materialized: [],
    sequences: [],
    enums: [],
    domains: [],
    composites: [],
    functions: [],
    publications: [],
    statistics: [],
    loose: [],
    uses: [],
    prepared: [],
    major,
  };
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
    if (table.kind === 'table' && chance.some(0.25)) {
      const checked = chance.pick(table.columns);
      table.checks.push({ name: `${table.name}_later`, columns: [checked.name] });
      table.notValid.push(`${table.name}_later`);
      world.setup.push(
        `ALTER TABLE ${table.sql} ADD CONSTRAINT ${quoted(`${table.name}_later`)} CHECK (${trueOf(checked).replace('IS NOT NULL', 'IS NULL OR true')}) NOT VALID`,
      );
    }
    dependants(made, table);
    uses(world, table);
  }
  if (chance.some(0.5)) {
    const sql = `${chance.pick(world.schemas)}.numbers`;
    world.sequences.push(sql);
    world.setup.push(`CREATE SEQUENCE ${sql}`);
    world.uses.push(`SELECT nextval('${sql}')`);
  }
  world.functions.push({ sql: 'public.twice', args: 'integer', call: 'public.twice(2)' });
  world.setup.push(
    `CREATE FUNCTION public.twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n * 2'`,
  );
  for (const { call } of world.functions) world.uses.push(`SELECT ${call}`);
  for (const { sql, columns, of } of world.views) {
    world.uses.push(`SELECT ${columnsOf(columns)} FROM ${sql} LIMIT 1`);
    const prepared = `p${world.prepared.length}`;
    world.prepared.push({
      name: prepared,
      sql: `SELECT ${columnsOf(columns)} FROM ${sql} LIMIT 1`,
      run: `EXECUTE ${prepared}`,
    });
    void of;
  }
  for (const { sql } of world.materialized) world.uses.push(`SELECT n FROM ${sql} LIMIT 1`);
  world.setup.push(
    ...world.schemas.flatMap((schema) => [
      `GRANT USAGE ON SCHEMA ${schema} TO app`,
      `GRANT ALL ON ALL TABLES IN SCHEMA ${schema} TO app`,
      `GRANT ALL ON ALL SEQUENCES IN SCHEMA ${schema} TO app`,
    ]),
  );
  return world;
}
