import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyse } from '../../../src/domain/migrations/analyse';
import { rules } from '../../../src/domain/migrations/knowledge';
import { exampleCatalog, rulesPage } from '../../../src/domain/migrations/knowledge/page';
import { CORPUS } from './corpus';
import { standsAlone } from './experiment';
import { expectPattern } from './pattern';

const page = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'rules.md'), 'utf8');

const findingsOf = async (sql: string, transactional = !standsAlone(sql)) =>
  analyse([{ id: '1', file: '1.sql', up: sql, transactional, firstLine: 1 }], await exampleCatalog());

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

it.each(CORPUS.map(({ sql }) => sql))(
  'keeps to the pattern in one transaction and without: %s',
  async (sql) => {
    for (const transactional of [true, false]) (await findingsOf(sql, transactional)).forEach(expectPattern);
  },
);

it.each(rules.filter(({ effect }) => effect.breaks !== undefined && effect.breaks !== 'no' && !effect.fails))(
  '$id says what the live version notices',
  ({ because }) => expect(because).toBeDefined(),
);
