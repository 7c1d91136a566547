import { sayingLine } from '../../domain/attempts/remedies';
import { difference, some } from '../../domain/attempts/state';
import { saying, stateOf, type Trying } from './lane';

/** The seeds behind all migrations, twice: nobody else writes, so that every row that the second run changes is its own doing. */
export async function trySeeds(trying: Trying, database: string): Promise<void> {
  const { seeds, tell, progress } = trying;
  if (!seeds) return;
  progress('seeds: a run, and another one');
  const said = (message: string, remedy?: string) =>
    tell(saying('seeds', 'fails', undefined, { message, remedy }));
  const run = async () => (await seeds.up(database, trying.migrations.length)).ended;
  const remedy = 'write what is there already with ON CONFLICT, or leave it out with NOT EXISTS';
  const first = await run();
  if (!first.ok) return said(`the seeds fail: ${sayingLine(first.output)}`);
  const before = await stateOf(trying, database);
  const second = await run();
  if (!second.ok) return said(`a second run of the seeds fails: ${sayingLine(second.output)}`, remedy);
  const changed = difference(before, await stateOf(trying, database));
  if (changed.length > 0)
    return said(`a second run of the seeds changes what the first one made: ${some(changed)}`, remedy);
  tell(saying('seeds', 'ok', undefined));
}
