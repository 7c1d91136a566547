import { assessDowns, type Downs, takenBack } from '../../../src/domain/migrations/downs';
import type { Manifest, Migration } from '../../../src/domain/migrations/types';

const migration = (id: string, up: string | null, down: string | null): Migration => ({
  id,
  file: `${id}.sql`,
  up,
  down,
  checksum: id,
  transactional: true,
  firstLine: 1,
});
const ADD = 'ALTER TABLE orders ADD COLUMN note text';
const DROP = 'ALTER TABLE orders DROP COLUMN note';

describe('taking migrations back, before and after users were on the new version,', () => {
  it.each<[string, string | null, string | null, Downs, Downs]>([
    ['drops a column that the run added', ADD, DROP, 'lose nothing', 'lose data'],
    ['drops a column that was there before', 'SELECT 1', DROP, 'lose data', 'lose data'],
    [
      'drops a table that the run made',
      'CREATE TABLE t (id int)',
      'DROP TABLE t',
      'lose nothing',
      'lose data',
    ],
    ['drops a table that was there before', 'SELECT 1', 'DROP TABLE orders', 'lose data', 'lose data'],
    ['drops an index', 'CREATE INDEX i ON orders (id)', 'DROP INDEX i', 'lose nothing', 'lose nothing'],
    [
      'changes rows by a value',
      ADD,
      `${DROP}; UPDATE orders SET amount = 1 WHERE amount = 2`,
      'lose data',
      'lose data',
    ],
    ['changes rows', ADD, `${DROP}; UPDATE orders SET amount = 1 WHERE id = 1`, 'lose data', 'lose data'],
    [
      'deletes rows of a table that the run made',
      'CREATE TABLE t (id int)',
      'TRUNCATE t; DROP TABLE t',
      'lose nothing',
      'lose data',
    ],
    [
      'drops one column of its own and one that is not',
      ADD,
      'ALTER TABLE orders DROP COLUMN note, DROP COLUMN amount',
      'lose data',
      'lose data',
    ],
    ['does what nobody can read', ADD, 'DO $$ BEGIN EXECUTE lower($1); END $$', 'lose data', 'lose data'],
    ['has no script', ADD, null, 'none', 'none'],
    ['has an empty script', ADD, '  ', 'none', 'none'],
    ['is code', null, null, 'none', 'none'],
  ])('that %s', async (_, up, down, unserved, served) => {
    const judged = (users: boolean) =>
      assessDowns({
        migrations: [migration('1', up, down)],
        served: users,
        canRevert: true,
        opaque: 'refuse',
      });
    expect([await judged(false), await judged(true)]).toEqual([unserved, served]);
  });

  it('is trusted where the service trusts what nobody can look into', async () =>
    expect(
      await assessDowns({
        migrations: [migration('1', null, null)],
        served: true,
        canRevert: true,
        opaque: 'allow',
      }),
    ).toBe('lose nothing'));

  it('is impossible without a command, or when nobody knows what was applied', async () => {
    const known = [migration('1', ADD, DROP)];
    for (const way of [
      { migrations: known, canRevert: false },
      { migrations: undefined, canRevert: true },
    ])
      expect(await assessDowns({ ...way, served: false, opaque: 'allow' })).toBe('none');
  });
});

describe('what is taken back', () => {
  const manifest: Manifest = {
    version: 1,
    tool: 'dbmate',
    migrations: ['1', '2', '3', '4'].map((id) => migration(id, '', '')),
  };
  const ids = (before: string[], left: string[]) => takenBack(manifest, before, left)?.map(({ id }) => id);

  it('is what was not there before, newest first', () => expect(ids(['1'], ['2', '3'])).toEqual(['3', '2']));
  it('is everything up to the newest where the tool records no other', () =>
    expect(ids(['1'], ['3'])).toEqual(['3', '2']));
  it('is everything on a database that had nothing', () => expect(ids([], ['1', '2'])).toEqual(['2', '1']));
  it('is unknown when the release does not know it', () => {
    expect(ids(['1'], ['9'])).toBeUndefined();
    expect(takenBack(undefined, [], ['1'])).toBeUndefined();
  });
});
