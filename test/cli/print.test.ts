import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { print } from '../../src/cli/print';

const folder = join(__dirname, '..', '..', 'src', 'cli');

it('prints lines and tabs as they are, and what would drive the terminal as an escape', () => {
  const log = jest.spyOn(console, 'log').mockImplementation(() => {});
  print('a\n\tb\u001b[2J\u202e');
  expect(log).toHaveBeenCalledWith('a\n\tb\\u001b[2J\\u202e');
  log.mockRestore();
});

it('is the only way to the terminal', () => {
  const others = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      file.endsWith('.ts') &&
      file !== 'print.ts' &&
      /console\.|process\.std(out|err)/.test(readFileSync(join(folder, file), 'utf8')),
  );
  expect(others).toEqual([]);
});
