import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyse } from '../../../src/domain/migrations/analyse';
import type { Catalog } from '../../../src/domain/migrations/catalog';
import { rules } from '../../../src/domain/migrations/knowledge';
import { exampleCatalog, rulesPage } from '../../../src/domain/migrations/knowledge/page';
import { CORPUS } from './corpus';
import { standsAlone } from './experiment';
import { expectPattern } from './pattern';

const page = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'rules.md'), 'utf8');

const file = (sql: string, transactional = !standsAlone(sql)) => [
  { id: '1', file: '1.sql', up: sql, transactional, firstLine: 1 },
];
async function withSmallTables(): Promise<Catalog> {
  const catalog = await exampleCatalog();
  const small = [...catalog.tables].map(([name, table]) => [name, { ...table, rows: 1, bytes: 1 }] as const);
  return { ...catalog, tables: new Map(small) };
}

const findingsOf = async (sql: string) => analyse(file(sql), await exampleCatalog());

it('documents every rule as it is; npm run -s rules > docs/rules.md writes the page anew', async () => {
  expect(page).toBe(await rulesPage());
  for (const { id } of rules) expect(page).toContain(`\n## ${id}\n`);
});

const statements = rules.flatMap(({ id, unsafe, safe }) =>
  [unsafe, safe].flatMap((example) => (example ? [[id, example.sql] as const] : [])),
);

it.each(statements)('%s says what it does to production, and what to do instead: %s', async (id, sql) => {
  const findings = await findingsOf(sql);
  findings.forEach(expectPattern);
  const own = rules.find((rule) => rule.id === id)!;
  if (sql === (own.unsafe ?? own.safe).sql) expect(findings.map(({ rule }) => rule)).toContain(id);
});

const all = [...statements.map(([, sql]) => sql), ...CORPUS.map(({ sql }) => sql)];

it.each(all)('keeps to the pattern whatever is known of the database: %s', async (sql) => {
  const found = [
    ...(await findingsOf(sql)),
    ...(await analyse(file(sql, true), await exampleCatalog())),
    ...(await analyse(file(sql, false), await withSmallTables())),
    ...(await analyse(file(sql), undefined)),
    ...(await analyse(file(sql), undefined, { unknownTablesAreNew: true })),
  ];
  found.forEach(expectPattern);
});

it.each(rules.filter(({ effect }) => effect.breaks !== undefined && effect.breaks !== 'no' && !effect.fails))(
  '$id says what the live version notices',
  ({ because }) => expect(because).toBeDefined(),
);
