import type { Leftovers } from '../migrations/pending';
import { type Recorded, unrecorded } from '../migrations/recorded';
import { about, check, judgementOf } from './check';

/** What the migration tool's history table says. */
export interface HistorySeen extends Leftovers, Recorded {}

/** An exit code of 0 is no proof that migrations were applied: the tool's own history is. */
export const history = check<HistorySeen>({
  from: 'basic',
  about: "the migration tool's history: readable, finished, unlocked, and as planned",
  compare(before, after, { pending }) {
    const missing = unrecorded(pending, after);
    const lost = unrecorded([...before.applied, ...pending], after).filter((id) => !pending.includes(id));
    const applied = after.applied.filter((id) => !before.applied.includes(id));
    return judgementOf(
      {
        failed: [
          ...about(missing, (ids) => `migrations ${ids} were to be applied and are not in the history table`),
          ...about(lost, (ids) => `migrations ${ids} have left the history table`),
          ...about(after.unfinished, (ids) => `migrations ${ids} were begun and did not end well`),
          ...(after.locked === null ? [] : [`the tool's lock is still held by ${after.locked}`]),
        ],
      },
      `${after.applied.length} migrations applied, ${applied.length} of them since before`,
    );
  },
});
