/** One deployment of a story, and how it has to end for the story to be true. */
export interface Chapter {
  /** What the reader calls it; unique in its story. */
  name: string;
  /** Tag of the image. */
  version: string;
  reason: string;
  /** For the reader: what is special about it. */
  premise: string;
  /** What it asks for beyond service, image and reason. */
  request: Record<string, unknown>;
  /** Nobody is served for a while, and is told so. */
  closes?: true;
  /** Somebody stops its execution in this state, and something else has to bring it to its end. */
  stopIn?: string;
  outcome: string;
  /** Whether users may ever be served by it. */
  meetsUsers: boolean;
  /** States that the way there must lead through. */
  through: readonly string[];
}

/** Deployments in a row, from v1. */
export interface Story {
  /** One line for `--help`. */
  about: string;
  chapters: readonly Chapter[];
  /** It leaves the version and the schema that its first deployment leaves, so it may be played again. */
  repeats?: true;
}

/** The chapters for another round, under names of their own. */
export const again = (chapters: readonly Chapter[], round: number): Chapter[] =>
  chapters.map((chapter) => ({ ...chapter, name: `${chapter.name} (${round})` }));

/** At a tenth of the users' requests enough to convict; on AWS, bake for minutes. */
const CANARY = { strategy: 'CANARY', bakeSeconds: 3 };

const V2 = {
  version: 'v2',
  reason: 'customers may leave a note with an order',
  outcome: 'DeploymentSucceeded',
  meetsUsers: true,
};

const V3 = {
  version: 'v3',
  reason: 'show the price of a single piece',
  outcome: 'RolledBack',
  meetsUsers: true,
};

const RELEASES: readonly Chapter[] = [
  {
    ...V2,
    name: 'v2',
    premise: 'a good release with an additive migration',
    request: CANARY,
    through: ['SnapshotDatabase', 'VerifyMigration', 'ShiftTraffic', 'ObserveGreen', 'RetireBlue'],
  },
  {
    ...V3,
    name: 'v3',
    premise: 'healthy for the health check, wrong for a third of the products',
    request: CANARY,
    through: ['ObserveGreen', 'ReturnTraffic', 'VerifyRollback'],
  },
  {
    name: 'v4',
    version: 'v4',
    reason: 'suppliers get a table of their own',
    premise: 'its second migration fails on existing data',
    request: CANARY,
    outcome: 'RolledBack',
    meetsUsers: false,
    through: ['StartMigration', 'RevertMigration', 'VerifyRollback'],
  },
  {
    name: 'v5',
    version: 'v5',
    reason: 'health follows the stock',
    premise: 'never becomes healthy: its migration was forgotten',
    request: CANARY,
    outcome: 'RolledBack',
    meetsUsers: false,
    through: ['CheckGreen', 'StopGreen', 'VerifyRollback'],
  },
  {
    name: 'v6',
    version: 'v6',
    reason: 'orders without notes again',
    premise: 'drops a column that the live version reads',
    request: CANARY,
    outcome: 'DeploymentRejected',
    meetsUsers: false,
    through: ['AnalyseMigrations'],
  },
];

/** In one step, for stories that are about something else. */
const QUICK_V2: Chapter = {
  ...V2,
  name: 'v2',
  premise: 'a good release, in one step',
  request: { strategy: 'ALL_AT_ONCE', bakeSeconds: 1 },
  through: ['ShiftTraffic', 'RetireBlue'],
};

/** The live version once more; nobody but the reconciler brings it to its end. */
const stopped = (version: string): Chapter => ({
  name: `${version} stopped`,
  version,
  reason: 'the same once more',
  premise: 'somebody stops its execution while a tenth of the users is on it',
  request: { strategy: 'CANARY', bakeSeconds: 60 },
  stopIn: 'Bake',
  outcome: 'RolledBack',
  meetsUsers: true,
  through: ['ShiftTraffic', 'RecoverDeployment', 'ReturnTraffic', 'VerifyRollback'],
});

/** The same release that was rejected, while nobody is served. */
const CLOSED: Chapter = {
  name: 'v6 closed',
  version: 'v6',
  reason: 'orders without notes again, tonight',
  premise: 'drops the column behind a maintenance page, when nobody reads it',
  request: { strategy: 'MAINTENANCE', bakeSeconds: 1 },
  closes: true,
  outcome: 'DeploymentSucceeded',
  meetsUsers: true,
  through: ['CloseService', 'StopWriters', 'SnapshotDatabase', 'VerifyMigration', 'ShiftTraffic'],
};

/** A good release and a bad one, each by the same strategy. */
const bothWays = (
  request: Record<string, unknown>,
  through: readonly string[],
  back: readonly string[],
): Chapter[] => [
  { ...V2, name: 'v2', premise: 'a good release with an additive migration', request, through },
  {
    ...V3,
    name: 'v3',
    premise: 'healthy for the health check, wrong for a third of the products',
    request,
    through: [...through, ...back],
  },
];

/** What can be played: the first when nothing else is asked for. */
export const STORIES = {
  releases: {
    about: 'good, broken for users, broken migration, never healthy, breaking, and that one behind a page',
    chapters: [...RELEASES, CLOSED],
  },
  canary: {
    about: 'a tenth of the users first, then all of them',
    repeats: true,
    chapters: bothWays(CANARY, ['ShiftTraffic', 'ObserveGreen'], ['ReturnTraffic']),
  },
  'all-at-once': {
    about: 'all users in one step, watched after it',
    repeats: true,
    chapters: bothWays(
      { strategy: 'ALL_AT_ONCE', bakeSeconds: 3 },
      ['ShiftTraffic', 'ObserveGreen'],
      ['ReturnTraffic'],
    ),
  },
  linear: {
    about: 'a quarter of the users after the other',
    repeats: true,
    chapters: bothWays(
      { strategy: 'LINEAR', linear: { percent: 25, seconds: 2 }, bakeSeconds: 3 },
      ['ShiftTraffic', 'ObserveGreen'],
      ['ReturnTraffic'],
    ),
  },
  rolling: {
    about: 'one service, its tasks replaced in place',
    repeats: true,
    chapters: bothWays(
      { strategy: 'ROLLING', bakeSeconds: 3 },
      ['RollOut', 'CheckRollout', 'ObserveGreen'],
      ['UndoRollout'],
    ),
  },
  maintenance: { about: 'a breaking release behind a maintenance page', chapters: [QUICK_V2, CLOSED] },
  recovery: { about: 'an execution that is stopped half-way', chapters: [QUICK_V2, stopped('v2')] },
  contract: {
    about: 'a column that is dropped behind the retired version',
    chapters: [
      QUICK_V2,
      {
        name: 'v7',
        version: 'v7',
        reason: 'orders without notes, in stages',
        premise: 'drops a column that the previous version reads, once that is gone',
        request: CANARY,
        outcome: 'DeploymentSucceeded',
        meetsUsers: true,
        through: ['RetireBlue', 'StartContract', 'VerifyContract'],
      },
    ],
  },
} satisfies Record<string, Story>;
export type StoryName = keyof typeof STORIES;
export const storyNames = Object.keys(STORIES) as StoryName[];

/** What each version that was rolled back left of the schema, seen by the deployment after it. */
export function schemaChanges(told: readonly Told[]): string[] {
  return told.slice(1).flatMap((next, at) => {
    const before = told[at]!;
    if (before.outcome !== 'RolledBack' || before.schemaBefore === next.schemaBefore) return [];
    return `${before.name} was rolled back but left another schema than it found`;
  });
}

/** How a deployment went, as measured. */
export interface Told {
  name: string;
  outcome: string;
  path: string[];
  durationMs: number;
  requests: number;
  lost: number;
  /** Told to come back later, during an announced window. */
  closed: number;
  /** How long nobody was served; null without a window. */
  windowMs: number | null;
  appErrors: number;
  verdictToBlueMs: number | null;
  /** Answers that this deployment's version gave to users while it was deployed. */
  servedByIt: number;
  /** Fingerprint of the database's schema as the workflow found it, before it did anything. */
  schemaBefore?: string;
  /** The workflow's own explanation of a failure. */
  cause?: string;
}

/** What contradicts the chapter, one line each; none when it went as it should. */
export function contradictions(chapter: Chapter, told: Told): string[] {
  const missing = chapter.through.filter((state) => !told.path.includes(state));
  return [
    told.outcome !== chapter.outcome && `ended as ${told.outcome}, expected ${chapter.outcome}`,
    missing.length > 0 && `did not pass through ${missing.join(', ')}`,
    !chapter.closes && told.closed > 0 && `turned ${told.closed} requests away`,
    chapter.closes === true && told.windowMs === null && 'did not close',
    told.lost > 0 && `lost ${told.lost} requests`,
    !chapter.meetsUsers &&
      told.servedByIt > 0 &&
      `served ${told.servedByIt} requests of users, expected none`,
    chapter.meetsUsers && told.servedByIt === 0 && 'served no user, expected some',
  ].filter((line) => line !== false);
}
