import type { Client } from 'pg';
import { type Processes, startProcesses } from '../../../../local/processes';
import { runAgain } from '../../../../src/domain/migrations/again';
import { downRules } from '../../../../src/domain/migrations/again/down-script';
import { AGAIN_EXAMPLES, againRules } from '../../../../src/domain/migrations/again/rules';
import { analyse } from '../../../../src/domain/migrations/analyse';
import { type Catalog, emptyCatalog } from '../../../../src/domain/migrations/catalog';
import { parse } from '../../../../src/domain/migrations/parse';
import { loadParser } from '../../../../src/domain/migrations/parser';
import { apply } from '../../../../src/domain/migrations/schema';
import { startServer } from '../servers';

jest.setTimeout(120_000);

/** More tables than the page of rules needs. */
const SCHEMA = `${AGAIN_EXAMPLES}
CREATE TABLE rates (country text, year int, rate numeric, note text, PRIMARY KEY (country, year));
CREATE TABLE tenants (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), tenant int NOT NULL DEFAULT 1, slug text);
CREATE UNIQUE INDEX tenants_slug ON tenants (tenant, slug);
CREATE TABLE flags (name text, "on" boolean);
CREATE UNIQUE INDEX flags_on ON flags (name) WHERE "on";
CREATE TABLE serials (id serial PRIMARY KEY, name text UNIQUE, n int);
INSERT INTO rates VALUES ('at', 2026, 20, NULL);
INSERT INTO serials (name, n) VALUES ('a', 1), ('b', 2);
`;

/** Forms beyond the examples; what each does the second time PostgreSQL says. */
const FORMS = [
  "INSERT INTO rates VALUES ('de', 2026, 19, NULL)",
  "INSERT INTO rates (country, year) VALUES ('de', 2026), ('fr', 2026) ON CONFLICT DO NOTHING",
  "INSERT INTO rates (country, year, rate) VALUES ('de', 2026, 19) ON CONFLICT (country, year) DO UPDATE SET rate = excluded.rate",
  "INSERT INTO rates (country, year, rate) VALUES ('at', 2026, 1) ON CONFLICT (country, year) DO UPDATE SET rate = rates.rate + excluded.rate",
  "INSERT INTO rates (country, year, rate) VALUES ('at', 2026, 1) ON CONFLICT (country, year) DO UPDATE SET note = now()::text",
  "INSERT INTO tenants (slug) VALUES ('x')",
  "INSERT INTO tenants (tenant, slug) VALUES (1, 'x')",
  "INSERT INTO tenants (tenant, slug) VALUES (1, 'x') ON CONFLICT DO NOTHING",
  "INSERT INTO tenants (id, slug) VALUES ('7f1b3f6e-3a2c-4f0e-9f59-3f2a5d6d8a11', 'x') ON CONFLICT (id) DO NOTHING",
  'INSERT INTO tenants (id, tenant) VALUES (gen_random_uuid(), 1)',
  "INSERT INTO serials (name) VALUES ('c')",
  "INSERT INTO serials (name) VALUES ('c') ON CONFLICT (name) DO NOTHING",
  'INSERT INTO serials (n) VALUES (3)',
  'INSERT INTO serials (n) VALUES (3) ON CONFLICT DO NOTHING',
  'INSERT INTO serials (name, n) VALUES (NULL, 3) ON CONFLICT (name) DO NOTHING',
  'INSERT INTO serials DEFAULT VALUES',
  "INSERT INTO serials VALUES (DEFAULT, 'c', 1)",
  "INSERT INTO serials (name) SELECT 'n' || code FROM units",
  'INSERT INTO serials (name) SELECT code FROM units WHERE code NOT IN (SELECT name FROM serials WHERE name IS NOT NULL)',
  'INSERT INTO serials (name) SELECT code FROM units EXCEPT SELECT name FROM serials',
  'INSERT INTO serials (name) SELECT u.code FROM units u LEFT JOIN serials s ON s.name = u.code WHERE s.name IS NULL',
  "INSERT INTO serials (name) VALUES ('c') ON CONFLICT (id) DO NOTHING",
  "INSERT INTO serials (name) VALUES ('c') ON CONFLICT ON CONSTRAINT serials_name_key DO NOTHING",
  'INSERT INTO serials (n) VALUES (3) ON CONFLICT (name) DO UPDATE SET n = 4',
  "INSERT INTO serials (name, n) VALUES ('c', 3) ON CONFLICT (name) DO UPDATE SET n = 4",
  "INSERT INTO serials (name, n) VALUES ('c', 3) ON CONFLICT (name) DO UPDATE SET n = 3",
  "INSERT INTO units (code) VALUES ('kg') ON CONFLICT (code) DO UPDATE SET name = excluded.code",
  "INSERT INTO units (code, at) VALUES ('kg', now()) ON CONFLICT (code) DO UPDATE SET at = excluded.at",
  "INSERT INTO units (code) SELECT code || 'x' FROM units",
  'INSERT INTO serials (id, name) SELECT max(id) + 1, NULL FROM serials',
  "INSERT INTO units AS u (code, uses) VALUES ('g', 1) ON CONFLICT (code) DO UPDATE SET uses = u.uses + 1",
  "UPDATE hints SET text = 'z' WHERE id = (SELECT min(id) FROM hints WHERE text <> 'z')",
  "UPDATE units SET uses = '1' WHERE uses = 1",
  'UPDATE units SET uses = greatest(uses, 5)',
  'UPDATE units SET name = name',
  "UPDATE units SET code = 'kg', uses = uses + 1 WHERE code = 'g'",
  'UPDATE units SET uses = 7 WHERE uses < 5',
  "INSERT INTO flags VALUES ('a', true)",
  "INSERT INTO flags VALUES ('a', false)",
  'INSERT INTO hints (text) SELECT text FROM hints',
  'INSERT INTO hints (text) SELECT * FROM (VALUES (1)) AS v',
  "UPDATE units SET uses = 5 WHERE code = 'g'",
  "UPDATE units SET uses = uses * 2 WHERE code = 'g'",
  "UPDATE units SET uses = uses + 1, name = 'Gram' WHERE name = 'gram'",
  "UPDATE units SET uses = uses + 1, name = 'x' WHERE name <> 'x'",
  "UPDATE units SET uses = uses + 1, name = 'gram' WHERE name = 'gram'",
  'UPDATE units SET name = upper(name)',
  "UPDATE units SET name = name || '!'",
  'UPDATE units SET name = coalesce(name, code)',
  'UPDATE units SET name = code, code = name WHERE name IS NOT NULL',
  'UPDATE units SET at = clock_timestamp(), uses = 1',
  'UPDATE units SET at = CURRENT_TIMESTAMP',
  "UPDATE units SET name = v.name FROM (VALUES ('g', 'Gramm')) AS v (code, name) WHERE v.code = units.code",
  "UPDATE units u SET uses = u.uses + v.n FROM (VALUES ('g', 2)) AS v (code, n) WHERE v.code = u.code",
  'UPDATE serials SET n = DEFAULT',
  'UPDATE units SET uses = (SELECT sum(uses) FROM units)',
  "UPDATE units SET (name, uses) = ('x', 2)",
  'UPDATE units SET uses = (random() * 1000)::int',
  "DELETE FROM units WHERE code LIKE 'g%'",
  'DELETE FROM hints',
  'DELETE FROM hints WHERE id = (SELECT min(id) FROM hints)',
  'DELETE FROM hints WHERE ctid IN (SELECT ctid FROM hints LIMIT 1)',
  "MERGE INTO rates r USING (VALUES ('it', 2026)) AS v (c, y) ON r.country = v.c AND r.year = v.y WHEN NOT MATCHED THEN INSERT (country, year) VALUES (v.c, v.y) WHEN MATCHED THEN UPDATE SET rate = 22",
  "MERGE INTO hints h USING (VALUES ('d')) AS v (t) ON h.id = 100000 WHEN NOT MATCHED THEN INSERT (text) VALUES (v.t)",
  "MERGE INTO units u USING (VALUES ('g', 1)) AS v (c, n) ON u.code = v.c WHEN MATCHED THEN UPDATE SET uses = u.uses + v.n",
];

let processes: Processes;
let client: Client;
let catalog: Catalog;
beforeAll(async () => {
  processes = await startProcesses();
  client = await (await startServer(processes, 18)).connect('postgres');
  await loadParser();
  catalog = emptyCatalog();
  for (const statement of parse(SCHEMA).statements) apply(catalog, statement);
});
afterAll(async () => {
  await client?.end();
  await processes?.close();
});

/** Every row of every table. */
async function contents(): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1",
  );
  const all: unknown[] = [];
  for (const { name } of rows) {
    const found = await client.query(`SELECT t::text AS row FROM ${name} AS t ORDER BY 1`);
    all.push([name, found.rows]);
  }
  return JSON.stringify(all);
}

/** What PostgreSQL does with a second run. */
async function played(sql: string): Promise<string> {
  await client.query(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${SCHEMA}`);
  await client.query(sql);
  const once = await contents();
  try {
    await client.query(sql);
  } catch (error) {
    return (error as { code: string }).code === '23505' ? 'refused' : `error ${(error as Error).message}`;
  }
  return (await contents()) === once ? 'same' : 'differs';
}
const said = (sql: string) => runAgain(parse(sql).statements[0]!, catalog)!;

it('says of no statement what PostgreSQL does not do', async () => {
  const found: string[] = [];
  const unknown: string[] = [];
  const all = [...againRules.flatMap(({ example }) => example || []), ...FORMS];
  for (const sql of all) {
    const [claimed, does] = [said(sql), await played(sql)];
    if (claimed.again === 'unknown') unknown.push(sql);
    else if (claimed.again !== does)
      found.push(`${sql}: ${claimed.rule} says ${claimed.again}, PostgreSQL ${does}`);
  }
  expect(found).toEqual([]);
  // a rule that never knows would pass as well
  expect(unknown.length).toBeLessThan(all.length / 4);
});

it.each(againRules.filter(({ example }) => example).map((rule) => [rule.id, rule] as const))(
  'shows %s by its own example',
  (id, { example, again }) => {
    expect(said(example)).toMatchObject({ rule: id, again });
  },
);

it.each([
  ['COPY rates FROM STDIN', 'again-copies'],
  ['INSERT INTO elsewhere VALUES (1)', 'again-unknown'],
])('says of %s what can be said without running it: %s', (sql, rule) => {
  expect(said(sql).rule).toBe(rule);
});

it('says nothing of what writes no rows', () => {
  for (const sql of ['SELECT 1', 'ALTER TABLE units ADD COLUMN x int', 'COPY units TO STDOUT'])
    expect(runAgain(parse(sql).statements[0]!, catalog)).toBeUndefined();
});

const UP = "INSERT INTO units (code) VALUES ('kg'), ('mg')";
it.each([
  [UP, null, [downRules.none]],
  [UP, 'SELECT 1', [downRules.leaves]],
  [UP, "DELETE FROM units WHERE code IN ('kg', 'mg')", [downRules.own]],
  [
    UP,
    "DELETE FROM units WHERE code = 'kg' AND uses = 0; DELETE FROM units WHERE code = 'mg'",
    [downRules.own],
  ],
  [UP, "DELETE FROM units WHERE code IN ('kg', 'g')", [downRules.others]],
  [UP, "DELETE FROM units WHERE name = 'x'", [downRules.others]],
  [UP, 'DELETE FROM units', [downRules.others]],
  ["INSERT INTO hints (text) VALUES ('d')", "DELETE FROM hints WHERE text = 'd'", [downRules.others]],
  [UP, 'TRUNCATE units', [downRules.empties]],
  [UP, 'DROP TABLE public.units', [downRules.drops]],
  [UP, 'ALTER TABLE units DROP COLUMN name', [downRules.drops]],
  ["UPDATE units SET name = 'x'", 'UPDATE units SET name = NULL', [downRules.overwrites]],
  ['DELETE FROM units', "INSERT INTO units (code) VALUES ('g')", [downRules.inserts]],
  [UP, 'DELETE FROM hints; TRUNCATE rates', [downRules.leaves]],
])('says of %s what its down script, %s, takes away', async (up, down, rules) => {
  const file = { id: '1', file: '1.sql', up, down, transactional: true, firstLine: 1 };
  const [finding] = await analyse([file], catalog);
  expect(finding?.taken?.map(({ rule, takesMore }) => ({ rule, takesMore }))).toEqual(
    rules.map(({ id, takesMore }) => ({ rule: id, takesMore })),
  );
});
