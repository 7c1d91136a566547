import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyse } from '../../../src/domain/migrations/analyse';
import { emptyCatalog } from '../../../src/domain/migrations/catalog';
import { parse } from '../../../src/domain/migrations/parse';
import { loadParser } from '../../../src/domain/migrations/parser';
import { apply } from '../../../src/domain/migrations/schema';
import { stagedPlans } from '../../../src/domain/migrations/staged';
import { type Finding, lockModes } from '../../../src/domain/migrations/types';

/** The matrix that teams keep by hand, on a big table that is in use. */
const changes: [name: string, sql: string][] = [
  ['add table', 'CREATE TABLE parcels (id bigint PRIMARY KEY)'],
  ['add column', 'ALTER TABLE orders ADD COLUMN remark text'],
  ['add column with a constant default', "ALTER TABLE orders ADD COLUMN state text NOT NULL DEFAULT 'new'"],
  [
    'add column with a default of its own per row',
    'ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid()',
  ],
  ['add NOT NULL column', 'ALTER TABLE orders ADD COLUMN state text NOT NULL'],
  ['add index', 'CREATE INDEX orders_by_email ON orders (email)'],
  ['add index concurrently', 'CREATE INDEX CONCURRENTLY orders_by_email ON orders (email)'],
  ['add unique constraint', 'ALTER TABLE orders ADD CONSTRAINT one_email UNIQUE (email)'],
  ['add check', 'ALTER TABLE orders ADD CONSTRAINT positive CHECK (amount > 0)'],
  ['add foreign key', 'ALTER TABLE orders ADD FOREIGN KEY (customer) REFERENCES customers'],
  ['set NOT NULL', 'ALTER TABLE orders ALTER COLUMN email SET NOT NULL'],
  ['change type', 'ALTER TABLE orders ALTER COLUMN amount TYPE bigint'],
  ['change type, wider text', 'ALTER TABLE orders ALTER COLUMN email TYPE varchar(200)'],
  ['rename column', 'ALTER TABLE orders RENAME COLUMN email TO mail'],
  ['rename table', 'ALTER TABLE orders RENAME TO purchases'],
  ['drop column', 'ALTER TABLE orders DROP COLUMN email'],
  ['drop table', 'DROP TABLE orders'],
  ['drop index', 'DROP INDEX orders_by_customer'],
  ['data migration', 'UPDATE orders SET amount = amount * 100'],
];

const SCHEMA = `CREATE TABLE customers (id bigint PRIMARY KEY);
  CREATE TABLE orders (id bigint PRIMARY KEY, email varchar(100), amount int, customer bigint);
  CREATE INDEX orders_by_customer ON orders (customer);`;

function catalogInUse() {
  const catalog = emptyCatalog();
  for (const statement of parse(SCHEMA).statements) apply(catalog, statement);
  for (const [name, { created: _, ...table }] of catalog.tables)
    catalog.tables.set(name, { ...table, rows: 5_000_000, bytes: 1_000_000_000 });
  return catalog;
}

const ANSWERS = { no: 'works', yes: 'breaks', conditional: 'may break' };

/** From this lock on, writers wait for the table and not only for rows. */
const SHARE = lockModes.indexOf('SHARE');

function waiting({ blocksReads, blocksWrites, rewrite, scan, locks }: Finding): string {
  if (!blocksWrites) return 'nobody';
  if (locks.every(({ mode }) => lockModes.indexOf(mode) < SHARE)) return 'writers of the same rows';
  const who = blocksReads ? 'everybody' : 'writers';
  return `${who}, ${rewrite ? 'while it is rewritten' : scan ? 'while it is read' : 'for a moment'}`;
}

async function row([name, sql]: [string, string]): Promise<string> {
  const catalog = catalogInUse();
  const transactional = !sql.includes('CONCURRENTLY');
  const [finding] = await analyse(
    [{ id: '1', file: '1.sql', up: sql, transactional, firstLine: 1 }],
    catalog,
  );
  const { class: kind, breaksLiveVersion, stops } = finding!;
  const plans = stops ? stagedPlans({ statement: sql }, catalog) : [];
  const releases = Math.max(0, ...plans.flatMap(({ stages }) => stages.map(({ release }) => release)));
  const planned = releases === 0 ? 'by hand' : `${releases} ${releases === 1 ? 'release' : 'releases'}`;
  const cells = [
    name,
    `\`${sql}\``,
    kind,
    waiting(finding!),
    ANSWERS[breaksLiveVersion],
    stops ? `stops; ${planned}` : 'goes',
  ];
  return `| ${cells.join(' | ')} |`;
}

beforeAll(() => loadParser());

test('the matrix in docs/migrations.md is what the analyser and the planner say', async () => {
  const docs = readFileSync(join(__dirname, '../../../docs/migrations.md'), 'utf8');
  const shown = docs.split('\n').filter((line) => changes.some(([name]) => line.startsWith(`| ${name} |`)));
  const rows: string[] = [];
  for (const change of changes) rows.push(await row(change));
  expect(shown).toEqual(rows);
});
