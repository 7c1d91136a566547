/** What the story deploys, and how each deployment has to end for the story to be true. */
export interface Chapter {
  /** Tag of the image. */
  version: string;
  strategy: 'CANARY' | 'ALL_AT_ONCE';
  reason: string;
  /** For the reader: what is wrong with it. */
  premise: string;
  outcome: string;
  /** Whether users may ever be served by it. */
  meetsUsers: boolean;
  /** States that the way there must lead through. */
  through: readonly string[];
}

export const CHAPTERS: readonly Chapter[] = [
  {
    version: 'v2',
    strategy: 'CANARY',
    reason: 'customers may leave a note with an order',
    premise: 'a good release with an additive migration',
    outcome: 'DeploymentSucceeded',
    meetsUsers: true,
    through: ['SnapshotDatabase', 'VerifyMigration', 'ShiftTraffic', 'ObserveGreen', 'RetireBlue'],
  },
  {
    version: 'v3',
    strategy: 'CANARY',
    reason: 'show the price of a single piece',
    premise: 'healthy for the health check, wrong for a third of the products',
    outcome: 'RolledBack',
    meetsUsers: true,
    through: ['ObserveGreen', 'ReturnTraffic', 'VerifyRollback'],
  },
  {
    version: 'v4',
    strategy: 'CANARY',
    reason: 'suppliers get a table of their own',
    premise: 'its second migration fails on existing data',
    outcome: 'RolledBack',
    meetsUsers: false,
    through: ['StartMigration', 'RevertMigration', 'VerifyRollback'],
  },
  {
    version: 'v5',
    strategy: 'CANARY',
    reason: 'health follows the stock',
    premise: 'never becomes healthy: its migration was forgotten',
    outcome: 'RolledBack',
    meetsUsers: false,
    through: ['CheckGreen', 'StopGreen', 'VerifyRollback'],
  },
  {
    version: 'v6',
    strategy: 'CANARY',
    reason: 'orders without notes again',
    premise: 'drops a column that the running version reads',
    outcome: 'DeploymentRejected',
    meetsUsers: false,
    through: ['AnalyseMigrations'],
  },
];

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
    told.lost > 0 && `lost ${told.lost} requests`,
    !chapter.meetsUsers &&
      told.servedByIt > 0 &&
      `served ${told.servedByIt} requests of users, expected none`,
    chapter.meetsUsers && told.servedByIt === 0 && 'served no user, expected some',
  ].filter((line) => line !== false);
}
