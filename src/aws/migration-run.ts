import { guard } from '../domain/database/migration-task';
import type { Revision } from '../domain/deployment/claims';
import type { Deployment } from '../domain/deployment/deployment';
import { applicationName, startedBy } from '../domain/deployment/names';
import { type Round, runName } from '../domain/seeds/rounds';
import { secondsSince } from '../domain/time/deadline';
import type { Claims } from './journal';
import type { Started, TaskRunner } from './tasks';

/**
 * ECS knows a token for a day, or until an hour after its task has ended; then the same request runs a second task.
 * Source: Amazon ECS API Reference, "Ensuring idempotency".
 */
const TOKEN_SECONDS = 3600;

/**
 * Runs a command in the service's migration container, at most once for each kind, however often and however late it is asked:
 * within the hour ECS refuses a known token with other parameters, so a retry has to ask for the very same; later the task that
 * was written down is the answer, and a request whose answer was lost is not repeated.
 */
export async function runMigration(
  ports: { taskRunner: TaskRunner; claims: Claims },
  { id, settings: { cluster, migrations } }: Deployment,
  kind: Kind,
  { taskDefinition }: Revision,
  { command, now }: { command: string[]; now: Date },
): Promise<Started & { run: number }> {
  const { run, task: known } = await newestRun(ports.claims, id, kind);
  if (known) return { started: true, task: known, run };
  const mark = markOf(kind, run);
  const askedAt = await ports.claims.claim(id, `task-asked#${mark}`, now.toISOString());
  if (secondsSince(askedAt, now) > TOKEN_SECONDS)
    return {
      run,
      started: false,
      cause: `ECS was asked for the task at ${askedAt} and its answer is not known; asked again so late, it might run the task twice`,
    };
  const patient = (await ports.claims.claimed(id, 'patient'))?.includes(kind);
  const started = await ports.taskRunner.run({
    cluster,
    taskDefinition,
    instead: { container: migrations.container, command, environment: guard(applicationName(id), patient) },
    network: migrations,
    startedBy: startedBy(kind, id),
    ...(run > 1 && { time: mark }),
  });
  if (!started.started) return { ...started, run };
  return { started: true, task: await ports.claims.claim(id, `task#${mark}`, started.task), run };
}

type Kind = Round | 'contract' | 'revert';
const markOf = (kind: Kind, run: number) => (run === 1 ? kind : `${kind}#${run}`);

/** The run that was decided on last, and its task once there is one. What was cancelled and may be tried again gets another. */
async function newestRun(claims: Claims, id: string, kind: Kind) {
  for (let run = 1; ; run++) {
    const task = await claims.claimed(id, `task#${markOf(kind, run)}`);
    const again =
      task !== undefined &&
      kind !== 'contract' &&
      kind !== 'revert' &&
      (await claims.claimed(id, `again#${runName(kind, run + 1)}`));
    if (!again) return { run, task };
  }
}
