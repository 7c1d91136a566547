import { readCode } from '../../src/migrations/code';

const read = (source: string) => {
  const { sql, code, line } = readCode(source);
  return [sql?.trim().replaceAll(/\s+/g, ' ') ?? null, code, line];
};

test.each<[string, string, string | null, string | undefined, number | undefined]>([
  [
    'an arrow',
    "exports.up = (knex) => knex.raw('DROP TABLE a');\nexports.down = (knex) => knex.raw('B');",
    'DROP TABLE a;',
    undefined,
    undefined,
  ],
  [
    'a method with types',
    'class A { public async up(q: QueryRunner): Promise<void> {\n await q.query(`A`, [1]);\n}\n async down(q) { x() } }',
    'A;',
    undefined,
    undefined,
  ],
  [
    'a property',
    "module.exports = { up: (q) => q.sequelize.query('A', { transaction }), down: (q) => q.b() }",
    'A;',
    undefined,
    undefined,
  ],
  [
    'a function that is exported',
    'export async function up(db: Kysely<any>): Promise<void> {\n  await sql`A`.execute(db)\n  await sql.raw("B").execute(db)\n}',
    'A; B;',
    undefined,
    undefined,
  ],
  [
    'literals that are joined, over lines, with escapes',
    "exports.up = (pgm) => { pgm.sql('A \\'b\\' ' +\n  \"C\\u00e4\") }",
    "A 'b' Cä;",
    undefined,
    undefined,
  ],
  [
    'comments and braces in texts',
    "exports.up = (pgm) => {\n // }\n pgm.sql('A }'); /* pgm.sql('B') */\n};\nexports.down = (pgm) => pgm.sql('C');",
    'A };',
    undefined,
    undefined,
  ],
  [
    'a builder beside it, by name and line',
    "exports.up = (pgm) => {\n  pgm.sql('A');\n  pgm.createTable('t', { c: pgm.func('now()') });\n};",
    'A;',
    'pgm.createTable, pgm.func',
    3,
  ],
  [
    'SQL under a condition, which may not run',
    "exports.up = (pgm) => {\n  if (x) pgm.sql('A');\n  pgm.sql('B');\n}",
    'B;',
    'pgm.sql',
    2,
  ],
  [
    'a text that is put together',
    'export const up = async (db) => {\n  await sql`DROP TABLE ${name}`.execute(db);\n};',
    null,
    'sql',
    2,
  ],
  [
    'an argument of another call, on a line of its own',
    "exports.up = (knex) => knex.schema.table('a', (t) => t.timestamp('b').defaultTo(\n  knex.raw('now()'),\n));",
    null,
    'knex.schema.table, t.timestamp, knex.raw',
    1,
  ],
  ['nothing', 'exports.up = () => {};', null, undefined, undefined],
  ['no such function', 'run();', null, undefined, undefined],
])('of %s what is sent as a literal is read, the rest is named', (_, source, sql, code, line) => {
  expect(read(source)).toEqual([sql, code, line]);
});

test('what is read stays where it is', () => {
  const source = "exports.up = async (pgm) => {\n  await pgm.sql('DROP TABLE a');\n};\n";
  const { sql } = readCode(source);
  expect(sql!.split('\n')[1]!.indexOf('DROP')).toBe(source.split('\n')[1]!.indexOf('DROP'));
});
