import { secretsIn } from '../../../src/domain/settings/roles';
import { readSettings, toStore } from '../../../src/domain/settings/stored';
import { exampleSettings } from '../../input/parser';

const settings = exampleSettings();
const read = (stored: object) => readSettings(JSON.stringify(stored), 'settings of shop');

it('reads what it has stored, and settings from before there were versions', () => {
  expect(toStore(settings)).toMatchObject({ version: 1 });
  expect(read(toStore(settings))).toEqual({ settings });
  expect(read(settings)).toEqual({ settings });
});

it.each([2, 0, '1', null])('refuses settings of version %p, and says what to do', (version) => {
  expect(read({ ...settings, version })).toEqual({
    problems: [
      `settings of shop.version: expected 1, received ${JSON.stringify(version)}; another Greenlight wrote them: deploy the stack of the workflow again, so that its functions and its settings are of one version`,
    ],
  });
});

it("wants the application's roles of settings whose steps look as somebody else", () => {
  const { database } = settings;
  const reading = { ...database, readSecret: `${database.secret}-reader` };
  expect(read(toStore({ ...settings, database: reading }))).toEqual({
    problems: [expect.stringMatching(/^settings of shop\.database\.roles: expected the application's roles/)],
  });
  const named = { ...reading, roles: ['shop'] };
  expect(read(toStore({ ...settings, database: named }))).toMatchObject({ settings: { database: named } });
});

it("every secret that says where the database is is led to a restored instance, the application's first", () => {
  expect(secretsIn({ database: { secret: 's' } })).toEqual(['s']);
  expect(secretsIn({ database: { secret: 's', readSecret: 'r', otherSecrets: ['o', 's'] } })).toEqual([
    's',
    'o',
    'r',
  ]);
});

it('names every problem of settings that it can read', () => {
  expect(read(toStore({ ...settings, bakeSeconds: -1, soakSeconds: 'long' as never }))).toEqual({
    problems: [
      expect.stringMatching(/^settings of shop\.bakeSeconds: .*, received -1$/),
      expect.stringMatching(/^settings of shop\.soakSeconds: .*, received "long"$/),
    ],
  });
});
