import { difference, some } from '../../domain/attempts/state';
import type { Migration } from '../../domain/migrations/types';
import { type Step, saying, stateOf, type Trying, tellAll, tellFailure, up } from './lane';
import { trySeeds } from './seeds';

const DATABASE = 'greenlight_try_fresh';

/** Files with a statement that writes to one of the tables that are named in differences. */
function writersOf(migrations: readonly Migration[], differences: readonly string[]): string {
  const words = new Set(
    differences
      .join(' ')
      .match(/[\w.]+/g)
      ?.map((word) => word.split('.').at(-1)!),
  );
  const writes = (sql: string) =>
    [...sql.matchAll(/\b(?:insert\s+into|update|delete\s+from)\s+(?:only\s+)?([\w."]+)/gi)].some(
      ([, table = '']) => words.has(table.replaceAll('"', '').split('.').at(-1)!),
    );
  const files = migrations.filter(({ up: sql }) => writes(sql ?? '')).map(({ file }) => file);
  return files.length === 0 ? '' : `; ${files.join(', ')} ${files.length > 1 ? 'write' : 'writes'} there`;
}

/** All migrations from nothing, and a second run behind it. */
export async function tryFresh(
  trying: Trying,
  { again, seeds }: { again: boolean; seeds: boolean },
): Promise<void> {
  const { server, migrations } = trying;
  const all = { from: 0, to: migrations.length };
  trying.progress('fresh: all migrations, from nothing');
  await server.create(DATABASE);
  try {
    const first = await up(trying, DATABASE, migrations.length);
    if (!first.ok) {
      await tellFailure(trying, 'fresh', DATABASE, first, all);
      if (again) tellAll(trying, 'again', all, 'undone', { message: 'the first run failed' });
      if (seeds)
        trying.tell(saying('seeds', 'undone', undefined, { message: 'the migrations before them failed' }));
      return;
    }
    tellAll(trying, 'fresh', all, 'ok');
    if (again) await tryAgain(trying, all);
    if (seeds) await trySeeds(trying, DATABASE);
  } finally {
    await server.remove(DATABASE);
  }
}

/** A second run behind the first. */
async function tryAgain(trying: Trying, all: Step): Promise<void> {
  const { migrations, beside } = trying;
  trying.progress('again: a second run');
  const before = await stateOf(trying, DATABASE);
  const second = await up(trying, DATABASE, migrations.length);
  if (!second.ok) return await tellFailure(trying, 'again', DATABASE, second, all, 'a second run fails: ');
  const changed = difference(before, await stateOf(trying, DATABASE));
  if (changed.length === 0) return tellAll(trying, 'again', all, 'ok');
  trying.tell(
    saying('again', 'fails', undefined, {
      message: `a second run changes what the first one made: ${some(changed)}${writersOf([...migrations, ...beside], changed)}`,
      remedy:
        'let it change nothing where there is something already (ON CONFLICT DO NOTHING, IF NOT EXISTS), or put it into a migration that is recorded',
    }),
  );
}
