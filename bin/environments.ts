import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { policyTable } from '../src/domain/settings/environments';

/** `npm run environments`: writes the built-in policies into docs/environments.md. */
const file = join(__dirname, '..', 'docs', 'environments.md');
const page = readFileSync(file, 'utf8');
writeFileSync(
  file,
  page.replace(/\| setting \|[\s\S]*?\n\n/, () => `${policyTable()}\n\n`),
);
