import type { Deployment } from '../domain/deployment/deployment';
import { startedBy } from '../domain/deployment/names';
import type { Blue, Trial } from '../domain/deployment/variables';
import { judgeTrial, type TrialLimits, type TrialLook, withoutTrial } from '../domain/evidence/trial';
import { lastWords } from '../domain/privacy/last-words';
import { serviceIn } from '../domain/settings/slots';
import { nextPoll, secondsSince } from '../domain/time/deadline';
import { type FleetReader, fleetReader } from './fleet';
import { type Claims, claims } from './journal';
import { type TaskLog, taskLog } from './task-log';
import {
  type TaskReader,
  type TaskRunner,
  type TaskState,
  type TaskStopper,
  taskReader,
  taskStopper,
  trialRunner,
} from './tasks';
import { type TrialWriter, trialWriter } from './trial-definition';

/** What it takes to start a trial of blue. */
export const trialStart = { claims, fleetReader, trialWriter, trialRunner };
interface Start {
  claims: Claims;
  fleetReader: FleetReader;
  trialWriter: TrialWriter;
  trialRunner: TaskRunner;
}

/** What it takes to look at one, and to end it. */
export const trialEnd = { claims, taskReader, taskStopper, taskLog };
interface End {
  claims: Claims;
  taskReader: TaskReader;
  taskStopper: TaskStopper;
  taskLog: TaskLog;
}

/** What the graph carries from the start of a trial to its looks: without a task the first word is the last. */
interface Begun extends TrialLook {
  trial: Trial | null;
}

/**
 * Starts one task of blue as its service would, but outside the traffic.
 * @param migrationRan blue stands on another schema than the one it started on
 * @param now when the state was entered: the same for its retries, and another for another trial
 */
export async function startTrial(
  {
    deployment,
    live,
    migrationRan,
    now,
  }: { deployment: Deployment; live: Blue; migrationRan: boolean; now: Date },
  ports: Start,
): Promise<Begun> {
  const { id, settings } = deployment;
  const { cluster, container } = settings;
  const without = withoutTrial(deployment, migrationRan);
  if (without) return { ...without, trial: null };
  const refused = (why: string): Begun => ({
    trial: null,
    status: 'unhealthy',
    cause: `no task of the previous version can be started: ${why}`,
  });
  const service = serviceIn(settings, live.slot);
  const fleet = await ports.fleetReader.state(cluster, service);
  if (!fleet) return refused(`service ${service} is not active`);
  // made once: ECS refuses a known token with another definition
  const { taskDefinition, checked, log } =
    (await ports.claims.claimed(id, 'trial')) ??
    (await ports.claims.claim(
      id,
      'trial',
      await ports.trialWriter.write(live.taskDefinition, container, settings.trial?.healthCheck ?? null),
    ));
  const run = await ports.trialRunner.run({
    cluster,
    taskDefinition,
    network: fleet.network,
    startedBy: startedBy('trial', id),
    time: now.toISOString(),
  });
  if (!run.started) return refused(run.cause);
  return {
    trial: { task: run.task, startedAt: now.toISOString(), checked, log },
    status: 'undecided',
    cause: '',
  };
}

/** How a trial stands. A task that has shown what it was started for is stopped. */
export async function lookAtTrial(
  { deployment: { id, settings }, tried, now }: { deployment: Deployment; tried: Begun; now: Date },
  ports: End,
): Promise<TrialLook & { waitSeconds: number }> {
  const { trial, status, cause } = tried;
  if (!trial) return { status, cause, waitSeconds: 0 };
  const { cluster, container } = settings;
  const limits = {
    steadySeconds: settings.trial?.steadySeconds ?? 0,
    readySeconds: settings.deadlines.rollbackSeconds,
  };
  const state = await ports.taskReader.state(cluster, trial.task);
  const name = `trial#${trial.startedAt}` as const;
  // a look that died after it had stopped the task must not take that for the task's own end
  let shown = await ports.claims.claimed(id, name);
  if (!shown) {
    const look = judgeTrial(state, trial, limits, now);
    if (look.status === 'undecided') return { ...look, waitSeconds: pause(trial, state, limits, now) };
    const words = look.status === 'healthy' ? '' : await wordsOf(trial, container, ports);
    const all = { ...look, cause: [look.cause, words].filter(Boolean).join('; ') };
    shown = await ports.claims.claim(id, name, all);
  }
  if (state.status !== 'stopped')
    await ports.taskStopper.stop(cluster, trial.task, `the trial of deployment ${id} is over`);
  return { ...shown, waitSeconds: 0 };
}

/** Until a task that needs but time has had it; else as for anything that starts. */
function pause(
  { startedAt, checked }: Trial,
  { runsSince }: TaskState,
  { steadySeconds, readySeconds }: TrialLimits,
  now: Date,
): number {
  if (checked || runsSince === null) return nextPoll(startedAt, now, readySeconds);
  return Math.max(1, Math.ceil(steadySeconds - secondsSince(runsSince, now)));
}

/** What the task says itself. A log that cannot be read must not hide what is known. */
async function wordsOf({ log, task }: Trial, container: string, ports: End): Promise<string> {
  if (!log) return '';
  try {
    return lastWords(await ports.taskLog.last(log, container, task));
  } catch (error) {
    const { name, message } = error as Error;
    return `its log cannot be read: ${name}: ${message}`;
  }
}
