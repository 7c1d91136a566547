import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { requestRows, settingRows, settingsPage } from '../../../bin/settings';
import { fileSchema } from '../../../src/domain/settings/json-schema';

const page = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'settings.md'), 'utf8');

it('docs/settings.md says what the schemas take; npm run settings -- --write makes it', () =>
  expect(page).toBe(settingsPage()));

it.each([
  ['settings', settingRows],
  ['a request', requestRows],
])('every member of %s says what it means', (_, rows) => {
  // what tells the slots' series apart is said of both together
  const silent = rows().filter(({ path, meaning }) => meaning === '' && !/\.dimensions\.[ab]$/.test(path));
  expect([rows().length > 20, silent.map(({ path }) => path)]).toEqual([true, []]);
});

it('an editor of greenlight.json is told the same', () => {
  const text = JSON.stringify(fileSchema());
  const told = settingRows().filter(({ path }) => /^(strategy|thresholds\.|deadlines\.|limits\.)/.test(path));
  for (const { meaning } of told) expect(text.split(JSON.stringify(meaning)).length - 1).toBe(2);
});

it.each([
  ['a number with its unit and its bounds', '| 1 to 604,800 seconds |'],
  ['a share of the users', '| 1 to 99 % |'],
  ['three environments that differ', '| 60 / 300 / 600 |'],
  ['a member of an object in a list', '| `smokeTests[].task.timeoutSeconds` |'],
  ['a member that has to be there', '| text | required |'],
  ['what may be nothing', '| more than 0, at most 1,000, `null` |'],
])('shows %s', (_, text) => expect(page).toContain(text));
