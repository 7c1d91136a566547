import { guardingPoll, inTheWay, LOCK_TIMEOUT_SECONDS, watchedText } from '../domain/database/migration-task';
import { lookText } from '../domain/database/watch';
import type { Deployment } from '../domain/deployment/deployment';
import { applicationName } from '../domain/deployment/names';
import { rolesIn } from '../domain/settings/roles';
import { nextPoll, secondsSince } from '../domain/time/deadline';
import type { Interference } from './interference';
import type { Watched } from './watching';

/** A run of the service's migration command. */
interface Run {
  startedAt: string;
  /** How long it may take. */
  withinSeconds: number;
}

/** A look at a run that goes on. */
interface RunLook {
  /** When to look again. */
  waitSeconds: number;
  /** What was seen, as the end of a sentence. */
  seen: string;
  /** In numbers; absent where the database cannot be reached. */
  watched?: Watched;
}

/**
 * Looks at the sessions of a run and ends what keeps everybody waiting while it waits, since `lock_timeout` does not reach
 * every tool.
 */
export async function watchRun(
  interference: Interference,
  { id, settings }: Pick<Deployment, 'id' | 'settings'>,
  { startedAt, withinSeconds }: Run,
  now: Date,
): Promise<RunLook> {
  const elapsed = secondsSince(startedAt, now);
  const waitSeconds = nextPoll(startedAt, now, withinSeconds);
  const watched = await interference.watch(settings.database.secret, {
    application: applicationName(id),
    roles: rolesIn(settings),
    withinSeconds: elapsed,
    lockSeconds: LOCK_TIMEOUT_SECONDS,
    blockedSeconds: settings.migrations.watch.blockedSeconds,
  });
  if ('unreachable' in watched) return { waitSeconds, seen: `; it is not watched: ${watched.unreachable}` };
  const { sessions, cancelled } = watched;
  const text = lookText(watched);
  return {
    waitSeconds: guardingPoll(elapsed, waitSeconds),
    seen: (text && `; ${text}`) + watchedText(sessions, cancelled),
    watched,
  };
}

/** Who was in the way of a run that has failed, as the end of a sentence; asked at once, while they still are. */
export async function heldUpBy(interference: Interference, secret: string): Promise<string> {
  const seen = await interference.holding(secret, LOCK_TIMEOUT_SECONDS);
  return 'transactions' in seen ? inTheWay(seen.transactions) : '';
}
