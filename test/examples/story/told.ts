import { type Counts, noCounts } from '../../../examples/story/counts';
import { STORIES, type Told } from '../../../examples/story/deployments';

/** A story in which everything went as it had to. */
export const asExpected: Told[] = STORIES.releases.chapters.map(
  ({ name, version, outcome, through, meetsUsers, closes }) => ({
    name,
    outcome,
    path: [...through, outcome],
    durationMs: 10_000,
    requests: 12_000,
    lost: 0,
    closed: 0,
    windowMs: closes ? 9_000 : null,
    appErrors: 3,
    verdictToBlueMs: version === 'v3' ? 120 : null,
    servedByIt: meetsUsers ? 700 : 0,
    cause: 'for a reason',
  }),
);
export const changed = (name: string, change: Partial<Told>) =>
  asExpected.map((told) => (told.name === name ? { ...told, ...change } : told));
export const clean = { processes: 0, locks: 0, tempDirs: 0 };
export const served: Counts = { ...noCounts(), ok: 48_000, versions: { v1: 24_000, v2: 23_000, v3: 1_000 } };
