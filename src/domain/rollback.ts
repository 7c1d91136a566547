/** What the database is, told by the tool's history table and the schema's fingerprint. */
export interface SchemaState {
  fingerprint: string;
  /** Ids of applied migrations, in the tool's order. */
  applied: string[];
}

export interface RollbackFacts {
  /** A migration task was started, as far as anybody knows. */
  started: boolean;
  /** It ended well and was verified. */
  migrated: boolean;
  before?: SchemaState;
  /** Absent when the database could not be read. */
  now?: SchemaState;
  /** Backends of the migration that the server still runs: a client's death does not end them. */
  liveBackends: number;
  canRevert: boolean;
}

export type RollbackChoice =
  | { action: 'keep'; outcome: 'RolledBack' | 'DeploymentRejected'; because: string }
  | { action: 'revert'; outcome: 'RolledBack'; because: string; keepNewest: string; applied: string[] }
  | { action: 'wait'; because: string }
  | { action: 'operator'; because: string };

/**
 * What to do about the database, from how far the deployment came and what stands there now. Traffic is
 * already back on blue and the migration task has stopped when this is asked.
 */
export function chooseRollback(facts: RollbackFacts): RollbackChoice {
  const { before, now } = facts;
  if (!before) return { action: 'keep', outcome: 'RolledBack', because: 'no migrations were asked for' };
  if (!now)
    return {
      action: 'operator',
      because: 'the database cannot be read, so what the migration left is unknown',
    };
  if (facts.liveBackends > 0)
    return { action: 'wait', because: `${facts.liveBackends} backend(s) of the migration are still running` };
  if (facts.migrated)
    return {
      action: 'keep',
      outcome: 'RolledBack',
      because: 'the expanded schema stays: the previous version works on it',
    };
  const left = now.applied.filter((id) => !before.applied.includes(id));
  if (left.length === 0 && now.fingerprint === before.fingerprint)
    return facts.started
      ? {
          action: 'keep',
          outcome: 'RolledBack',
          because: 'the migration left nothing: history and schema are as before',
        }
      : { action: 'keep', outcome: 'DeploymentRejected', because: 'no migration was started' };
  if (left.length === 0)
    return {
      action: 'operator',
      because: 'the schema changed although the history table records no migration',
    };
  if (!facts.canRevert)
    return {
      action: 'operator',
      because: `migrations ${left.join(', ')} are applied and the service has no command to revert them`,
    };
  return {
    action: 'revert',
    outcome: 'RolledBack',
    because: `migrations ${left.join(', ')} of a failed run are applied; no user was ever on the new version`,
    keepNewest: before.applied.at(-1) ?? '0',
    applied: left,
  };
}

/** What VerifyRollback compares the schema with: the snapshot's moment, or that moment and what was added since. */
export function schemaProblem(before: SchemaState, now: SchemaState, kept: boolean): string | undefined {
  const lost = before.applied.filter((id) => !now.applied.includes(id));
  if (lost.length > 0) return `migrations ${lost.join(', ')} are no longer in the history table`;
  if (kept) return undefined;
  const left = now.applied.filter((id) => !before.applied.includes(id));
  if (left.length > 0) return `migrations ${left.join(', ')} are still applied`;
  return now.fingerprint === before.fingerprint
    ? undefined
    : 'the schema differs from what it was before the deployment';
}
