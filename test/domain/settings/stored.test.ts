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

it('names every problem of settings that it can read', () => {
  expect(read(toStore({ ...settings, bakeSeconds: -1, soakSeconds: 'long' as never }))).toEqual({
    problems: [
      expect.stringMatching(/^settings of shop\.bakeSeconds: .*, received -1$/),
      expect.stringMatching(/^settings of shop\.soakSeconds: .*, received "long"$/),
    ],
  });
});
