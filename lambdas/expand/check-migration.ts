import * as z from 'zod/mini';
import { events } from '../../src/aws/announcements';
import { claims } from '../../src/aws/journal';
import { measurer } from '../../src/aws/measures';
import { succeeded, taskReader, taskStopper } from '../../src/aws/tasks';
import { taskProgress } from '../../src/domain/database/migration-task';
import { retryPause, whyNotAgain } from '../../src/domain/database/retry';
import { whyCancel } from '../../src/domain/database/watch';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import type { Deployment } from '../../src/domain/deployment/deployment';
import { applicationName } from '../../src/domain/deployment/names';
import { taskSchema } from '../../src/domain/deployment/variables';
import { checkMigrationResult } from '../../src/domain/results/expand';
import { type Round, roundText, runName } from '../../src/domain/seeds/rounds';
import { readerOf, rolesIn } from '../../src/domain/settings/roles';
import type { Opened } from '../../src/domain/step/port';
import { nextShortPoll, overdue, secondsSince } from '../../src/domain/time/deadline';
import { database } from '../../src/postgres/database';
import { heldUpBy, watchRun } from '../../src/postgres/guarding';
import { interference } from '../../src/postgres/interference';
import type { Watched } from '../../src/postgres/watching';
import { defineStep } from '../../src/runtime/define-step';

const uses = { taskReader, taskStopper, interference, database, claims, events, measurer };
type Ports = Opened<typeof uses>;

/** A run of the migrations or of the seeds, by its number. */
interface Run {
  round: Round;
  /** Among those of the deployment. */
  name: string;
  task: string;
  startedAt: string;
  number: number;
}

/** Ends a run behind which users wait: first its sessions, so that they wait no more, then its task. */
async function cancel(
  { id, settings }: Deployment,
  run: Run,
  watched: Watched,
  cause: string,
  now: Date,
  ports: Ports,
) {
  const at = now.toISOString();
  // before the effect: what ends the task then is known to be no fault of the migrations
  await ports.claims.claim(id, `cancelled#${run.name}`, { at, cause });
  await ports.interference.end(
    settings.database.secret,
    applicationName(id),
    watched.sessions.map(({ pid }) => pid),
  );
  await ports.taskStopper.stop(settings.cluster, run.task, 'cancelled, because users wait behind it');
  await ports.events.put('MigrationCancelled', {
    deployment: id,
    service: settings.service,
    at,
    ...{ run: run.number, round: run.round },
    cause,
  });
}

/** Says once of a run that it takes long. */
async function warn({ id, settings }: Deployment, run: Run, seen: string, now: Date, ports: Ports) {
  const { warnSeconds } = settings.migrations.watch;
  if (secondsSince(run.startedAt, now) <= warnSeconds) return;
  const at = now.toISOString();
  if ((await ports.claims.claimed(id, `warned#${run.name}`)) !== undefined) return;
  await ports.claims.claim(id, `warned#${run.name}`, at);
  const detail = { deployment: id, service: settings.service, at, run: run.number, round: run.round };
  await ports.events.put('MigrationSlow', {
    ...detail,
    cause: `it runs for more than ${warnSeconds} s${seen}`,
  });
}

/** Whether a run that was cancelled is tried again: not before its sessions are gone, and what was in its way has had time. */
async function afterCancel(
  { id, settings }: Deployment,
  run: Run,
  cancelled: { at: string; cause: string },
  now: Date,
  ports: Ports,
) {
  const told = `${roundText(run.round)} was cancelled: ${cancelled.cause}`;
  const of = { application: applicationName(id), roles: rolesIn(settings) };
  const look = await ports.database.look(readerOf(settings), settings.migrations, of);
  const failed = (why: string) => ({
    status: 'failed' as const,
    waitSeconds: 0,
    cause: `${told}; it is not tried again: ${why}`,
  });
  if ('unreachable' in look) return failed(`the database cannot be read (${look.unreachable})`);
  if (look.backends.length > 0)
    return {
      status: 'running' as const,
      waitSeconds: nextShortPoll(cancelled.at, now),
      cause: `${told}; its sessions are about to end`,
    };
  const [before, untransacted = []] = await Promise.all([
    ports.claims.claimed(id, 'before'),
    ports.claims.claimed(id, 'untransacted'),
  ]);
  const left = {
    before: before && { fingerprint: before.schema.fingerprint, applied: before.history.applied },
    now: look.schema,
    ...look.leftovers,
    untransacted,
  };
  const { watch } = settings.migrations;
  const not = whyNotAgain(left, run.number, watch);
  if (not) return failed(not);
  const again = `${told}; it is tried again`;
  const pause = retryPause(watch, `${id}#${run.name}`) - secondsSince(cancelled.at, now);
  if (pause > 0)
    return {
      status: 'running' as const,
      waitSeconds: Math.ceil(pause),
      cause: `${again} in ${Math.ceil(pause)} s`,
    };
  await ports.claims.claim(id, `again#${runName(run.round, run.number + 1)}`, now.toISOString());
  return { status: 'again' as const, waitSeconds: 0, cause: again };
}

/** No run of the seeds begins, and nothing is compared, while one before is still at work in the database. */
async function endSessions({ id, settings }: Deployment, ports: Ports): Promise<number> {
  const left = await ports.interference.end(settings.database.secret, applicationName(id));
  return 'ended' in left ? left.ended : 0;
}

export const checkMigration = defineStep({
  name: 'CheckMigration',
  uses,
  fence: 'renew',
  input: z.object({ deployment: checkedDeployment, migration: taskSchema }),
  output: checkMigrationResult,
  async run({ deployment, migration, now }, ports) {
    const { id, settings } = deployment;
    const { cluster, deadlines, migrations } = settings;
    const withinSeconds = deadlines.migrationSeconds;
    const { round = 'migrate', run: number = 1 } = migration;
    const run: Run = {
      ...{ round, name: runName(round, number), number },
      ...{ task: migration.task, startedAt: migration.startedAt },
    };
    if (round === 'migrate')
      ports.measurer.tell(
        { MigrationSeconds: secondsSince(run.startedAt, now) },
        { service: settings.service, at: now },
      );
    const state = await ports.taskReader.state(cluster, migration.task);
    const late = overdue(migration.since ?? run.startedAt, now, withinSeconds);
    const { status, cause } = taskProgress(state, succeeded(state, migration.essential), late);
    // ECS forgets stopped tasks after an hour: the journal keeps what it said
    const ended = { round, status, exitCodes: state.exitCodes, waitSeconds: 0 };
    if (status === 'running') {
      const { seen, waitSeconds, watched } = await watchRun(
        ports.interference,
        deployment,
        { ...run, withinSeconds },
        now,
      );
      if (!watched) return { ...ended, waitSeconds, cause: cause + seen };
      const { cancelled, ...look } = watched;
      const waited = cancelled.map(
        ({ table, seconds }) => `it waited for ${table} for ${seconds} s, and others behind it`,
      );
      const why = whyCancel(look, migrations.watch) ?? waited[0];
      if (why) {
        await cancel(deployment, run, watched, why, now, ports);
        return {
          ...ended,
          watched: look,
          waitSeconds: nextShortPoll(now.toISOString(), now),
          cause: `${cause}${seen}; it is cancelled: ${why}`,
        };
      }
      await warn(deployment, run, seen, now, ports);
      return { ...ended, watched: look, waitSeconds, cause: cause + seen };
    }
    if (status === 'succeeded') {
      const left = round === 'migrate' ? 0 : await endSessions(deployment, ports);
      if (left === 0) return { ...ended, cause };
      return {
        ...ended,
        status: 'running' as const,
        waitSeconds: 1,
        cause: `${cause}; ${left} of its sessions were left, and are about to end`,
      };
    }
    const failed = `${roundText(round)} failed: ${cause}${await heldUpBy(ports.interference, settings.database.secret)}`;
    const cancelled = late ? undefined : await ports.claims.claimed(id, `cancelled#${run.name}`);
    const after = cancelled && (await afterCancel(deployment, run, cancelled, now, ports));
    if (after && after.status !== 'failed') return { ...ended, ...after };
    const why = after ? `${failed}; ${after.cause}` : failed;
    // the data are there: what a second run that fails means is not decided here
    if (round !== 'seed-again' || late) return { ...ended, cause: why };
    await endSessions(deployment, ports);
    await ports.claims.claim(id, 'seeds-failed', why);
    return { ...ended, status: 'succeeded' as const, cause: why };
  },
});
