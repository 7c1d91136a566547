import type { Evidence } from '../evidence/verdict';
import { type Recorded, unrecorded } from '../migrations/recorded';
import type { Weights } from '../traffic/weights';
import { describeWeights, sameWeights, type WeightsRead } from '../traffic/weights';
import type { CheckName } from '../validation';

/** What a contract migration must not leave: what it takes away on purpose is no damage. */
export const CONTRACT_CHECKS: readonly CheckName[] = ['indexes'];

/** What is seen of the previous version, which has to be gone. */
export interface Remains {
  rule: WeightsRead;
  /** The weights that leave it nothing. */
  wanted: Weights;
  service: string;
  fleet: { desired: number; running: number } | undefined;
  /** Requests that reached it during the last soak. */
  requests: number;
  soakSeconds: number;
  /** What is left of the previous version in the service's workers. */
  workers: readonly string[];
  /**
   * Database sessions of the application that are older than the deployment, by application name, whether it has any session, and
   * which other roles have one; or why nobody could look.
   */
  sessions:
    | { sessions: Record<string, number>; works: boolean; strangers: string[] }
    | { unreachable: string };
}

/**
 * Why the previous version might still use what is about to be taken away; undefined when it is gone. A contract migration
 * is the point of no return, so every kind of trace counts: weight, tasks, requests, workers, and the sessions that its tasks, or
 * whatever else works with the same role since before the deployment, hold on the database.
 */
export function remains({ rule, wanted, service, fleet, ...traces }: Remains): string | undefined {
  if ('strange' in rule) return rule.strange;
  if (!sameWeights(rule.weights, wanted))
    return `the production rule's weights are ${describeWeights(rule.weights)} instead of ${describeWeights(wanted)}`;
  if (fleet && fleet.desired + fleet.running > 0)
    return `${service} runs ${fleet.running} of ${fleet.desired} tasks`;
  if (traces.requests > 0)
    return `${service} still received ${traces.requests} requests in the last ${traces.soakSeconds} s`;
  if (traces.workers.length > 0) return traces.workers.join('; ');
  if ('unreachable' in traces.sessions)
    return `the database cannot be read, so nobody knows who still uses it (${traces.sessions.unreachable})`;
  const { works, strangers } = traces.sessions;
  const sessions = Object.entries(traces.sessions.sessions).map(([name, count]) => `${count} of ${name}`);
  if (sessions.length > 0)
    return `database sessions from before the deployment are open: ${sessions.join(', ')}`;
  // no session of the application is proof only where it is known how the application's are called
  if (!works && strangers.length > 0)
    return `the application has no database session under its role, and ${strangers.join(', ')} ${strangers.length > 1 ? 'have' : 'has'}: name those of the application in database.roles of the service's settings, or nobody knows whether the previous version is gone`;
  return undefined;
}

/** What is known when the task of the contract migrations has stopped. */
export interface ContractFacts {
  wanted: string[];
  /** How the task ended. */
  ended: { ok: boolean; cause: string };
  before: Recorded & { fingerprint: string };
  now: Recorded & { fingerprint: string; backends: number; damage: string[] };
  /** How the live version has been since the task ended, in words, and what that says. */
  served: string;
  /** What it does, with no other beside it. */
  alone: string;
  verdict: Evidence['verdict'];
  /** It was looked at for long enough. */
  watched: boolean;
  late: boolean;
}
export interface ContractVerdict {
  status: 'done' | 'waiting' | 'stuck';
  applied: string[];
  missing: string[];
  cause: string;
}

const list = (ids: string[]) => ids.join(', ') || 'none';

/**
 * Are the contract migrations done, and does the new version work on it? An exit code is no proof: the history
 * table is, and what users get. There is no rollback behind this point, so whatever is wrong is for a person, and the
 * sentence says what stands.
 */
export function judgeContract(facts: ContractFacts): ContractVerdict {
  const { wanted, ended, before, now, served, verdict } = facts;
  const missing = unrecorded(wanted, now);
  const applied = wanted.filter((id) => !missing.includes(id));
  const lost = unrecorded([...before.applied, ...wanted], now).filter((id) => !wanted.includes(id));
  const said = (status: ContractVerdict['status'], cause: string) => ({ status, applied, missing, cause });
  if (now.backends > 0 && !facts.late)
    return said('waiting', `${now.backends} backend(s) of the contract migrations are still running`);

  const sick = verdict === 'unhealthy';
  const problems = [
    ...(ended.ok ? [] : [`the contract migrations failed: ${ended.cause}`]),
    ...(ended.ok && missing.length > 0
      ? [`contract migrations ${missing.join(', ')} were to be applied and are not in the history table`]
      : []),
    ...(lost.length > 0 ? [`migrations ${lost.join(', ')} have left the history table`] : []),
    ...now.damage,
    ...(now.backends > 0 ? [`${now.backends} backend(s) of the contract migrations do not end`] : []),
    ...(sick ? ['the new version is unhealthy on the contracted schema'] : []),
  ];
  if (problems.length === 0 && !facts.watched)
    return said('waiting', `the new version is watched: ${served}`);
  if (problems.length === 0) return said('done', '');
  const schema =
    now.fingerprint === before.fingerprint
      ? 'the schema is as it was before them'
      : applied.length > 0
        ? 'the schema has changed'
        : 'the schema has changed although the history table records none of them';
  return said(
    'stuck',
    `${problems.join('; ')}; applied: ${list(applied)}; not applied: ${list(missing)}; ${schema}; the new version ${facts.alone}, ${served}`,
  );
}

/** What people are told of contract migrations that were not begun; empty where there are none. */
export const leftForLater = (ids: string[], because: string): string =>
  ids.length === 0 || because === ''
    ? ''
    : `contract migrations ${ids.join(', ')} were not begun: ${because}; they run behind the next deployment of the service, be it of the same image again`;
