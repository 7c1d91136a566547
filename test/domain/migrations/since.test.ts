import { divide } from '../../../src/domain/migrations/since';
import type { Migration } from '../../../src/domain/migrations/types';

const migration = (up: string | null, more: Partial<Migration> = {}): Migration => ({
  id: '1',
  file: '1.sql',
  up,
  down: null,
  checksum: String(up),
  transactional: false,
  firstLine: 1,
  ...more,
});

test.each<[string, string, string, string | undefined, string | undefined]>([
  ['what did not stand is fresh', '', 'SELECT 1;', undefined, 'SELECT 1;'],
  [
    'what stood as it is brings nothing',
    'SELECT 1;',
    '-- a note\nSELECT 1;',
    '-- a note\nSELECT 1;',
    undefined,
  ],
  ['what was taken out brings nothing', 'SELECT 1; SELECT 2;', 'SELECT 1;', 'SELECT 1;', undefined],
  ['what is added keeps its place', 'SELECT 1;', 'SELECT 1;\nSELECT 2;', 'SELECT 1;', '         \nSELECT 2;'],
  ['an edited statement and all behind it is fresh', 'A; B; C', 'A; X; C', 'A;', '   X; C'],
])('%s', (_, before, now, stood, fresh) => {
  const divided = divide(migration(now), migration(before));
  expect([divided.stood?.up, divided.fresh?.up]).toEqual([stood, fresh]);
});

test('a transaction that what stood has opened is open for what follows', () => {
  const fresh = (before: string) => divide(migration(`${before} SELECT 2;`), migration(before)).fresh;
  expect(fresh('BEGIN; SELECT 1;')?.transactional).toBe(true);
  expect(fresh('BEGIN; SELECT 1; COMMIT;')?.transactional).toBe(false);
  expect(fresh('SELECT 1;')?.transactional).toBe(false);
});

test('code and what runs again at every change has no pieces', () => {
  const code = (checksum: string) => migration(null, { checksum });
  expect(divide(code('a'), code('a'))).toEqual({ stood: code('a') });
  expect(divide(code('b'), code('a'))).toEqual({ fresh: code('b') });
  const view = (up: string) => migration(up, { repeatable: true });
  expect(divide(view('SELECT 1; SELECT 2;'), view('SELECT 1;'))).toEqual({
    fresh: view('SELECT 1; SELECT 2;'),
  });
});
