import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rules } from '../../../src/domain/migrations/knowledge';
import { rulesPage } from '../../../src/domain/migrations/knowledge/page';

const page = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'rules.md'), 'utf8');

it('documents every rule as it is; npm run -s rules > docs/rules.md writes the page anew', async () => {
  expect(page).toBe(await rulesPage());
  for (const { id } of rules) expect(page).toContain(`\n## ${id}\n`);
});
