import { analyse } from '../../../src/domain/migrations/analyse';
import { type Catalog, emptyCatalog, type Table } from '../../../src/domain/migrations/catalog';
import { parse } from '../../../src/domain/migrations/parse';
import { loadParser } from '../../../src/domain/migrations/parser';
import { withStatement } from '../../../src/domain/migrations/schema';
import type { AnalyseOptions, ReleaseFile } from '../../../src/domain/migrations/types';

const file = (up: string | null, more: Partial<ReleaseFile> = {}): ReleaseFile => ({
  id: '1',
  file: 'm/1.sql',
  up,
  transactional: true,
  firstLine: 1,
  ...more,
});

const table = (rows: number, bytes: number): Table => ({
  name: 'public.orders',
  kind: 'table',
  rows,
  bytes,
  columns: [{ name: 'total', type: { name: 'int4', modifiers: [] }, nullable: true, hasDefault: false }],
  constraints: [],
  indexes: [],
  views: [],
});

const having = (orders: Table): Catalog => ({ ...emptyCatalog(), tables: new Map([[orders.name, orders]]) });

const judged = async (sql: string, catalog?: Catalog, options?: AnalyseOptions) =>
  (await analyse([file(sql)], catalog, options)).map(({ class: kind, stops }) => [kind, stops]);

const INDEX = 'CREATE INDEX i ON orders (total)';

it.each([
  ['nobody knows the size', undefined, true],
  ['there are 100,000 rows', having(table(100_000, 1)), true],
  ['there are 100 MB', having(table(1, 100_000_000)), true],
  ['it is smaller', having(table(99_999, 99_999_999)), false],
])('stops a slow statement when %s: %#', async (_when, catalog, stops) => {
  expect(await judged(INDEX, catalog)).toEqual([['expand-slow', stops]]);
});

it('takes tables that nobody knows for new where it is told to', async () => {
  expect(await judged(INDEX, undefined, { unknownTablesAreNew: true })).toEqual([['none', false]]);
});

it('counts what earlier files of the release have done', async () => {
  const files = [
    'ALTER TABLE orders ADD CONSTRAINT known CHECK (total IS NOT NULL) NOT VALID',
    'ALTER TABLE orders VALIDATE CONSTRAINT known',
    'ALTER TABLE orders ALTER COLUMN total SET NOT NULL',
  ].map((sql) => file(sql));
  const catalog = having(table(1e6, 1e9));
  const findings = await analyse(files, catalog);
  expect(findings.map(({ rule, stops }) => [rule, stops])).toEqual([
    ['add-check-not-valid', false],
    ['validate-constraint', false],
    ['set-not-null-proven', false],
  ]);
  expect(catalog.tables.get('public.orders')!.constraints).toEqual([]);
});

it('does not take a CHECK that NULL satisfies for a proof', async () => {
  const check = 'ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0)';
  const findings = await analyse(
    [file(check), file('ALTER TABLE orders ALTER COLUMN total SET NOT NULL')],
    having(table(1e6, 1)),
  );
  expect(findings.at(-1)).toMatchObject({ rule: 'set-not-null', stops: true });
});

it('sees what is long under a lock that the same transaction holds', async () => {
  const together =
    'ALTER TABLE orders ADD CONSTRAINT c CHECK (total > 0) NOT VALID; ALTER TABLE orders VALIDATE CONSTRAINT c';
  const [, second] = await analyse([file(together)], having(table(1e6, 1)));
  expect(second).toMatchObject({ rule: 'slow-under-lock', stops: true, blocksReads: true });
  const [, apart] = await analyse([file(together, { transactional: false })], having(table(1e6, 1)));
  expect(apart).toMatchObject({ rule: 'validate-constraint', stops: false, blocksReads: false });
});

it('writes the remedy with the user’s own names', async () => {
  const [found] = await analyse([file('ALTER TABLE orders ALTER COLUMN total SET NOT NULL')], undefined);
  expect(found!.remedy).toContain(
    'ALTER TABLE public.orders ADD CONSTRAINT orders_total_known CHECK (total IS NOT NULL) NOT VALID',
  );
});

it.each([
  ['CREATE INDEX i\n  ON orders  (total)', 'CREATE INDEX CONCURRENTLY i ON orders (total);'],
  [
    "CREATE INDEX i -- it\n ON orders (total)  WHERE/* only */note = 'two  blanks'",
    "CREATE INDEX CONCURRENTLY i ON orders (total) WHERE note = 'two  blanks';",
  ],
  ['CREATE INDEX "i  j" ON orders\t( total )', 'CREATE INDEX CONCURRENTLY "i  j" ON orders ( total );'],
])('writes it in a line, and what stands in quotation marks as it is: %#', async (sql, line) => {
  const [found] = await analyse([file(sql)], emptyCatalog());
  expect(found!.remedy).toContain(line);
});

it('gives places in the file, not in the part of it that goes up', async () => {
  const [found] = await analyse([file('\n  DROP TABLE orders', { firstLine: 10 })], undefined);
  expect(found).toMatchObject({ line: 11, column: 3, file: 'm/1.sql', statement: 'DROP TABLE orders' });
});

it.each([
  ['a migration without SQL', file(null, { opaque: 'it is code' }), 'it is code'],
  ['a syntax error', file('SELEC'), 'syntax error at or near "SELEC"'],
  ['a call', file('CALL f()'), 'what this function does cannot be seen'],
  [
    'a function that fills a new table',
    file('CREATE TABLE a AS SELECT f()'),
    'what this function does cannot be seen',
  ],
  [
    'a prepared transaction',
    file("COMMIT PREPARED 'a'"),
    'what the prepared transaction has done cannot be seen',
  ],
  [
    'an unknown form',
    file('IMPORT FOREIGN SCHEMA a FROM SERVER b INTO c'),
    'nothing is known about ImportForeignSchemaStmt',
  ],
])('calls %s opaque', async (_what, given, reason) => {
  expect(await analyse([given], undefined)).toMatchObject([
    { class: 'opaque', stops: false, message: `Running this has effects that nobody can tell: ${reason}.` },
  ]);
});

it('tells what is SQL in a migration that is code, and what is code at its own line', async () => {
  const half = file('CREATE TABLE a (id int)', { opaque: 'queryInterface.addIndex is code', opaqueLine: 4 });
  expect(await analyse([half], undefined)).toMatchObject([
    { class: 'none', line: 1 },
    { class: 'opaque', line: 4, message: expect.stringContaining('queryInterface.addIndex') },
  ]);
});

it('leaves the catalog as it was when it asks for the next one', async () => {
  await loadParser();
  const before = having(table(1, 1));
  const [statement] = parse('ALTER TABLE orders ADD COLUMN note text').statements;
  const after = withStatement(before, statement!);
  expect(before.tables.get('public.orders')!.columns).toHaveLength(1);
  expect(after.tables.get('public.orders')!.columns.map(({ name }) => name)).toEqual(['total', 'note']);
});

const ruleOf = async (files: ReleaseFile[], catalog: Catalog | undefined, options: AnalyseOptions) =>
  (await analyse(files, catalog, options)).map(({ rule, stops }) => [rule, stops]);

it('sees what files share where the tool runs them in one transaction', async () => {
  const value = [
    'CREATE TABLE t (k kind)',
    "ALTER TYPE kind ADD VALUE 'new'",
    "UPDATE t SET k = 'new' WHERE false",
  ].map((sql) => file(sql));
  expect(await ruleOf(value, undefined, { tool: 'drizzle' })).toContainEqual(['add-enum-value-used', true]);
  expect(await ruleOf(value, undefined, { tool: 'dbmate' })).toContainEqual(['add-enum-value', false]);

  const rule = ['ADD CONSTRAINT c CHECK (total > 0) NOT VALID', 'VALIDATE CONSTRAINT c'].map((part) =>
    file(`ALTER TABLE orders ${part}`),
  );
  const big = having(table(1e6, 1));
  expect((await ruleOf(rule, big, { tool: 'knex' })).at(-1)).toEqual(['slow-under-lock', true]);
  expect((await ruleOf(rule, big, { tool: 'flyway' })).at(-1)).toEqual(['validate-constraint', false]);
  const optedOut = [rule[0]!, { ...rule[1]!, transactional: false }];
  expect((await ruleOf(optedOut, big, { tool: 'knex' })).at(-1)).toEqual(['validate-constraint', false]);
});

it.each([
  ['SET search_path = shop, public'],
  ["SELECT set_config('search_path', 'shop', true)"],
  ['SET search_path TO "shop"'],
])('looks for names where %s says, to the end of the file', async (set) => {
  const shop = { ...table(1e6, 1), name: 'shop.orders' };
  const catalog: Catalog = { ...emptyCatalog(), live: true, tables: new Map([[shop.name, shop]]) };
  const rename = 'ALTER TABLE orders RENAME TO moved';
  const findings = await analyse([file(`${set}; ${rename}`)], catalog);
  expect(findings.at(-1)).toMatchObject({ rule: 'rename-table', locks: [{ relation: 'shop.orders' }] });
  const [reset] = (await analyse([file(`${set}; RESET search_path; ${rename}`)], catalog)).slice(-1);
  expect(reset!.locks).not.toMatchObject([{ relation: 'shop.orders' }]);
  const [next] = (await analyse([file(set), file(rename)], catalog)).slice(-1);
  expect(next!.locks).not.toMatchObject([{ relation: 'shop.orders' }]);
});

it('says once what has one cause: a table that goes with its columns and keys', async () => {
  const sql = [
    'ALTER TABLE orders DROP COLUMN total',
    'ALTER TABLE orders ALTER COLUMN total SET NOT NULL',
    'DELETE FROM orders',
    'DROP TABLE orders',
  ];
  const files = sql.map((up, i) => file(up, { id: String(i), file: `m/${i}.sql` }));
  const findings = await analyse(files, having(table(1e6, 1e9)));
  expect(findings.map(({ rule, stops }) => [rule, stops])).toEqual([
    ['drop-column', false],
    ['set-not-null', true],
    ['delete-all', true],
    ['drop-table', true],
  ]);
  expect(findings[0]!.message).toMatch(/It goes with public\.orders, at which line 1 of m\/3\.sql stops\.$/);
  // the previous version is gone when the table goes, and not yet when the column does
  const apart = files.map((one, i) => (i === 3 ? { ...one, phase: 'contract' as const } : one));
  expect((await analyse(apart, having(table(1e6, 1e9))))[0]).toMatchObject({
    rule: 'drop-column',
    stops: true,
  });
  // another table's are another cause
  const others = [file('ALTER TABLE items DROP COLUMN total'), file('DROP TABLE orders')];
  expect((await analyse(others, undefined))[0]).toMatchObject({ rule: 'drop-column', stops: true });
});
