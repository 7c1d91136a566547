import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const README = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');

/** What the README types: the name and the input of the execution that it starts, and the words of the report after it. */
export function commandsIn(text: string) {
  const [, name = '', input = '{}'] = /start-execution .*--name (\S+) --input '(.+)'$/m.exec(text) ?? [];
  const [, report = ''] = /^npx greenlight (report .+)$/m.exec(text) ?? [];
  return { name, request: JSON.parse(input) as Record<string, unknown>, report: report.split(' ') };
}
