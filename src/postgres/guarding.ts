import { guardingPoll, inTheWay, LOCK_TIMEOUT_SECONDS, watchedText } from '../domain/database/migration-task';
import type { Deployment } from '../domain/deployment/deployment';
import { applicationName } from '../domain/deployment/names';
import { rolesIn } from '../domain/settings/roles';
import { nextPoll, secondsSince } from '../domain/time/deadline';
import type { Interference } from './interference';

/** A run of the service's migration command. */
interface Run {
  startedAt: string;
  /** How long it may take. */
  withinSeconds: number;
}

/**
 * Looks at the sessions of a run and ends what keeps everybody waiting, since `lock_timeout` does not reach every tool.
 * Resolves with when to look again and with what was seen, as the end of a sentence. A database that cannot be reached is the
 * run's own trouble, and told by its end.
 */
export async function watchRun(
  interference: Interference,
  { id, settings }: Pick<Deployment, 'id' | 'settings'>,
  { startedAt, withinSeconds }: Run,
  now: Date,
): Promise<{ waitSeconds: number; seen: string }> {
  const elapsed = secondsSince(startedAt, now);
  const waitSeconds = nextPoll(startedAt, now, withinSeconds);
  const watched = await interference.watch(
    settings.database.secret,
    { application: applicationName(id), roles: rolesIn(settings), withinSeconds: elapsed },
    LOCK_TIMEOUT_SECONDS,
  );
  if ('unreachable' in watched) return { waitSeconds, seen: '' };
  return {
    waitSeconds: watched.unnamed ? guardingPoll(elapsed, waitSeconds) : waitSeconds,
    seen: watchedText(watched),
  };
}

/** Who was in the way of a run that has failed, as the end of a sentence; asked at once, while they still are. */
export async function heldUpBy(interference: Interference, secret: string): Promise<string> {
  const seen = await interference.holding(secret, LOCK_TIMEOUT_SECONDS);
  return 'transactions' in seen ? inTheWay(seen.transactions) : '';
}
