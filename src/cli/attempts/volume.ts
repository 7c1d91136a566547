import { judged, type Measured, strongest } from '../../domain/attempts/volume';
import { fillTables } from '../../postgres/attempts/fill';
import { refusal, seenIn, unwatch, watch } from '../../postgres/attempts/watch';
import { note, prepared, saying, stoodBefore, type Trying, tellFailure, up, within } from './lane';

const DATABASE = 'greenlight_try_volume';

/** What a statement of a migration took. */
export interface Took extends Measured {
  file: string;
}

/** Fills every empty table as production's are, to a limit; resolves with how many rows each has that has any. */
async function fillUp(trying: Trying, most: number): Promise<Map<string, number>> {
  return within(trying, DATABASE, async (client) => {
    note(trying, await fillTables(client, { except: trying.own, sizes: trying.sizes, most }));
    await client.query('ANALYZE');
    const { rows } = await client.query<{ name: string; rows: number }>(
      `SELECT n.nspname || '.' || c.relname AS name, c.reltuples::float8 AS rows FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p') AND c.reltuples > 0 AND n.nspname !~ '^pg_'`,
    );
    return new Map(rows.map(({ name, rows: count }) => [name, count]));
  });
}

/** Each step on tables as full as production's, with what its statements take and lock. */
export async function tryVolume(trying: Trying, most: number): Promise<Took[]> {
  const { server, steps, migrations, sizes } = trying;
  const took: Took[] = [];
  trying.progress(`volume: tables of up to ${most} rows`);
  try {
    const stood = stoodBefore(trying);
    const base = await prepared(trying, DATABASE, stood, false);
    if (base) {
      await tellFailure(
        trying,
        'volume',
        DATABASE,
        base,
        { from: 0, to: stood },
        'the release before cannot be made: ',
      );
      return took;
    }
    const refused = await within(trying, DATABASE, (client) => refusal(client));
    if (refused !== undefined) {
      trying.tell(saying('volume', 'undone', undefined, { message: refused }));
      return took;
    }
    for (const step of steps) {
      const full = await fillUp(trying, most);
      const times = (name: string) => Math.max(1, (sizes?.get(name)?.rows ?? 0) / (full.get(name) ?? 1));
      await within(trying, DATABASE, (client) => watch(client, trying.own));
      const ended = await up(trying, DATABASE, step.to);
      const seen = await within(trying, DATABASE, async (client) => {
        const found = await seenIn(client);
        await unwatch(client);
        return found;
      });
      if (!ended.ok) {
        await tellFailure(trying, 'volume', DATABASE, ended, step);
        return took;
      }
      const last = migrations[step.to - 1]!;
      const tables = new Set(full.keys());
      const own = seen.map(({ kind, tables: about, ms, locks }) => ({
        kind,
        about,
        ms,
        locks: strongest(locks, tables),
        file: last.file,
      }));
      took.push(...own);
      const found = own.flatMap((one) => judged(one, times) ?? []);
      for (const { verdict, message } of found)
        trying.tell(
          saying('volume', verdict, last, {
            message,
            remedy: 'greenlight plan writes the steps that hold it for milliseconds',
          }),
        );
      if (found.length === 0)
        for (const one of migrations.slice(step.from, step.to)) trying.tell(saying('volume', 'ok', one));
    }
    return took;
  } finally {
    await server.remove(DATABASE);
  }
}
