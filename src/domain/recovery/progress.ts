import * as z from 'zod/mini';
import { type Deployment, deploymentSchema } from '../deployment/deployment';
import type { ResultOf } from '../results';
import { awaitWindowResult } from '../results/approve';
import { stopWritersResult } from '../results/close';
import { stopGreenResult } from '../results/conclude';
import { checkContractResult, prepareContractResult, startContractResult } from '../results/contract';
import {
  checkRolloutResult,
  checkTrialResult,
  moveWorkersResult,
  rollOutResult,
  smokeTestGreenResult,
  startGreenResult,
  tryBlueResult,
} from '../results/deploy';
import { startMigrationResult, verifyMigrationResult } from '../results/expand';
import {
  acquireLockResult,
  analyseMigrationsResult,
  chooseStrategyResult,
  inspectLiveResult,
  recoverDeploymentResult,
  validateRequestResult,
} from '../results/prepare';
import { checkSnapshotResult } from '../results/protect';
import { recordConfirmationResult, returnTrafficResult, returnWorkersResult } from '../results/return';
import {
  checkRevertResult,
  checkTrialAgainResult,
  chooseRollbackResult,
  restoreDatabaseResult,
} from '../results/revert';
import { refuseNewer, type StepRow } from '../results/row';
import { observeGreenResult, shiftTrafficResult } from '../results/shift';
import { rollbackCommand } from '../rollback/command';
import { InvalidInput } from '../step/errors';
import { problemsOf } from '../text/schema-problems';

/**
 * Where a deployment is resumed. `release`: nothing was changed, the lock is freed. `return`: the rollback, traffic
 * first. `restart`: the rollback after a finished shift, where blue has to be up before it gets the traffic. `finish`:
 * the new version serves everybody, what is left is tidied.
 */
export type Entry = Exclude<ResultOf<'RecoverDeployment'>['entry'], 'refused'>;

/** The variables that the graph uses behind `RecoverDeployment`, as they stood; `protected`: no statement ran before. */
export type Variables = Omit<ResultOf<'RecoverDeployment'>, 'entry' | 'deployment' | 'lock' | 'cause'>;

export interface Progress {
  deployment: Deployment;
  variables: Variables;
  /** It waits for a window, and holds no lock. */
  waits: boolean;
  /** Another deployment held the lock, and this one did not wait for it, nor for a window before. */
  refusedByLock: boolean;
  /** The strategy is settled, so effects may have begun. */
  begun: boolean;
  /** All users are on green, green was acquitted, and its workers are at work. */
  finished: boolean;
  /** Contract migrations may have run: the previous version may no longer fit the schema. */
  contracted: boolean;
  /** Somebody decided in the rollback after the shift was finished. */
  turnedBack: boolean;
  /** People were asked about the rollback, and said no. */
  rollbackRejected: boolean;
  /** What the end of a rollback has to tell of its way. */
  remarks: string[];
  /** What the newest trial of blue has shown, or why there was none; null before. */
  trial: Pick<ResultOf<'CheckTrial'>, 'status' | 'cause'> | null;
  /** Why blue cannot start on the schema as it is: no trial has shown that where somebody has been at it since. */
  cannotStart: string | null;
  /** Workers that a window has stopped and nobody has started again, with what they did before. */
  stoppedWorkers: ResultOf<'StopWriters'>['workers'];
  /** The last step that wrote its row. */
  last: string;
}

export const noVariables: Variables = {
  live: null,
  protected: false,
  plan: null,
  migration: null,
  migrated: false,
  green: null,
  shift: null,
  usersOnGreen: false,
  contract: null,
  closedSeconds: null,
  restored: null,
};

/** What of each step's result tells how far a deployment came. */
const shapes = {
  ValidateRequest: z.pick(validateRequestResult(), { deployment: true }),
  AcquireLock: z.pick(acquireLockResult(), { status: true }),
  ChooseStrategy: z.pick(chooseStrategyResult(), { chosen: true, deployment: true }),
  AwaitWindow: z.pick(awaitWindowResult(), { status: true }),
  InspectLive: z.pick(inspectLiveResult(), { live: true }),
  AnalyseMigrations: z.pick(analyseMigrationsResult(), { plan: true }),
  CheckSnapshot: z.pick(checkSnapshotResult(), { status: true }),
  StopWriters: z.pick(stopWritersResult(), { workers: true }),
  ReturnWorkers: z.pick(returnWorkersResult(), { status: true }),
  StartMigration: z.pick(startMigrationResult(), { migration: true }),
  VerifyMigration: z.pick(verifyMigrationResult(), { verified: true }),
  TryBlue: z.pick(tryBlueResult(), { trial: true }),
  CheckTrial: z.pick(checkTrialResult(), { status: true, cause: true }),
  CheckTrialAgain: z.pick(checkTrialAgainResult(), { status: true, cause: true }),
  ChooseRollback: z.pick(chooseRollbackResult(), { remark: true }),
  CheckRevert: z.pick(checkRevertResult(), { status: true }),
  StartGreen: z.pick(startGreenResult(), { green: true }),
  SmokeTestGreen: z.pick(smokeTestGreenResult(), { status: true }),
  MoveWorkers: z.pick(moveWorkersResult(), { status: true, moves: true }),
  RollOut: z.pick(rollOutResult(), { green: true }),
  CheckRollout: z.pick(checkRolloutResult(), { status: true }),
  ShiftTraffic: z.pick(shiftTrafficResult(), { shifted: true, greenPercent: true, closedSeconds: true }),
  ObserveGreen: z.pick(observeGreenResult(), { next: true }),
  PrepareContract: z.pick(prepareContractResult(), { status: true, contract: true }),
  StartContract: z.pick(startContractResult(), { contract: true }),
  CheckContract: z.pick(checkContractResult(), { contract: true }),
  ReturnTraffic: z.pick(returnTrafficResult(), { returned: true, closedSeconds: true, cause: true }),
  StopGreen: z.pick(stopGreenResult(), { status: true, cause: true }),
  RestoreDatabase: z.pick(restoreDatabaseResult(), { restored: true }),
  RecordConfirmation: z.pick(recordConfirmationResult(), { approved: true }),
  RecoverDeployment: z.pick(recoverDeploymentResult(), { entry: true, deployment: true }),
};
type Told = keyof typeof shapes;
type Shape<Step extends Told> = z.infer<(typeof shapes)[Step]>;

/** @throws InvalidInput for what cannot be read: an effect that counted as none would be left behind */
function read<T>(schema: z.ZodMiniType<T>, value: unknown, { step, at }: StepRow): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidInput(
    `the journal's row of ${step} at ${at} cannot be read: ${problemsOf(parsed.error, value, 'result').join('; ')}`,
  );
}

/** The rows of a step, the first first. */
function written<Step extends Told>(rows: StepRow[], step: Step): { at: string; result: Shape<Step> }[] {
  return rows
    .filter((row) => row.step === step)
    .map((row) => ({ at: row.at, result: read<unknown>(shapes[step], row.result, row) as Shape<Step> }));
}

/**
 * How far a deployment came and every variable of its ways to an end, from its journal. A step writes its row before the
 * next one is entered, so at most the last effect has no row: the rollback states what it wants and looks for itself, so
 * it undoes that one too. Undefined for a deployment that the journal does not know.
 * @throws InvalidInput for a row that cannot be read, or that a newer version wrote
 */
export function progressOf(rows: StepRow[]): Progress | undefined {
  refuseNewer(rows);
  /** What the newest row says that says anything of it. */
  const newest = <Step extends Told, Value>(step: Step, read: (result: Shape<Step>) => Value | null) =>
    written(rows, step)
      .map(({ result }) => read(result))
      .findLast((value) => value !== null) ?? null;
  const has = <Step extends Told>(step: Step, so: (result: Shape<Step>) => boolean) =>
    written(rows, step).some(({ result }) => so(result));

  const settled = newest('ChooseStrategy', ({ chosen, deployment }) => (chosen ? deployment : null));
  const planned = settled ?? newest('ValidateRequest', ({ deployment }) => deployment);
  if (!planned) return undefined;
  const deployment = read(deploymentSchema, planned, rows[0]!);
  const live = newest('InspectLive', (result) => result.live);
  const rolling = deployment.strategy === 'ROLLING';
  const trial = trialOf(rows);
  const green = newest(rolling ? 'RollOut' : 'StartGreen', (result) => result.green);
  return {
    deployment,
    variables: {
      live,
      protected: has('CheckSnapshot', ({ status }) => status === 'available'),
      plan: newest('AnalyseMigrations', ({ plan }) => plan),
      migration: newest('StartMigration', ({ migration }) => migration),
      migrated: has('VerifyMigration', ({ verified }) => verified),
      green,
      shift: shiftOf(rows, rolling, green?.startedAt),
      // wherever green may have had a user: returning the traffic of one that had none changes nothing, and neither does
      // undoing a rollout that has not begun
      usersOnGreen: rolling
        ? has('CheckTrial', ({ status }) => isOver(status)) || green !== null
        : has('SmokeTestGreen', ({ status }) => status === 'passed'),
      // as the last step that wrote it knows it
      contract:
        newest('CheckContract', ({ contract }) => contract) ??
        newest('StartContract', ({ contract }) => contract) ??
        newest('PrepareContract', ({ contract }) => contract),
      closedSeconds:
        newest('ShiftTraffic', ({ closedSeconds }) => closedSeconds) ??
        newest('ReturnTraffic', ({ closedSeconds }) => closedSeconds),
      restored: newest('RestoreDatabase', ({ restored }) => restored),
    },
    waits: rows.at(-1)?.step === 'AwaitWindow' && newest('AwaitWindow', ({ status }) => status) === 'waiting',
    refusedByLock:
      newest('AcquireLock', ({ status }) => status) === 'busy' && !has('AwaitWindow', () => true),
    begun: settled !== null && live !== null && !deployment.dryRun,
    finished:
      // green is looked at again while workers move
      newest('ObserveGreen', ({ next }) => next) === 'finish' &&
      (deployment.settings.workers.length === 0 ||
        has('MoveWorkers', ({ status, moves }) => status === 'moved' && moves === 'after')),
    contracted: has('PrepareContract', ({ status }) => status === 'ready'),
    turnedBack: has('RecoverDeployment', ({ entry }) => entry === 'return' || entry === 'restart'),
    rollbackRejected: has('RecordConfirmation', ({ approved }) => !approved),
    remarks: remarksOf(rows),
    trial: trial?.result ?? null,
    cannotStart: trial?.result.status === 'unhealthy' && !trial.since ? trial.result.cause : null,
    stoppedWorkers: stoppedWorkersOf(rows),
    last: rows.at(-1)?.step ?? '',
  };
}

function stoppedWorkersOf(rows: StepRow[]): Progress['stoppedWorkers'] {
  const stopped = written(rows, 'StopWriters').at(-1);
  if (!stopped) return [];
  const started = [
    ...written(rows, 'ReturnWorkers').filter(({ result }) => result.status === 'returned'),
    ...written(rows, 'MoveWorkers').filter(
      ({ result: { status, moves } }) => status === 'moved' && moves === 'after',
    ),
  ];
  const again = started.some(({ at }) => at > stopped.at);
  return again ? [] : stopped.result.workers.filter(({ desired }) => desired > 0);
}

function remarksOf(rows: StepRow[]): string[] {
  const back = written(rows, 'ReturnTraffic').findLast(({ result }) => result.returned);
  const green = written(rows, 'StopGreen').at(-1)?.result;
  const seeds = written(rows, 'ChooseRollback').at(-1)?.result.remark ?? '';
  return [back?.result.cause ?? '', green?.status === 'kept' ? green.cause : '', seeds].filter(
    (remark) => remark !== '',
  );
}

/** After a look like this the deployment goes on. */
const isOver = (status: ResultOf<'CheckTrial'>['status']) => !['undecided', 'unhealthy'].includes(status);

/** The newest look at a trial of blue, and whether the schema may be another one since: taken back, or changed by a person. */
function trialOf(rows: StepRow[]) {
  const [newest] = [...written(rows, 'CheckTrial'), ...written(rows, 'CheckTrialAgain')].sort((one, other) =>
    other.at.localeCompare(one.at),
  );
  if (!newest) return undefined;
  const changed = [
    ...written(rows, 'RecoverDeployment'),
    ...written(rows, 'CheckRevert').filter(({ result }) => result.status === 'succeeded'),
  ];
  return { ...newest, since: changed.some(({ at }) => at > newest.at) };
}

function shiftOf(rows: StepRow[], rolling: boolean, startedAt: string | undefined): Variables['shift'] {
  if (rolling) {
    const healthy = written(rows, 'CheckRollout').findLast(({ result }) => result.status === 'healthy');
    return healthy && startedAt
      ? { step: 0, greenPercent: 100, since: healthy.at, firstAt: startedAt }
      : null;
  }
  const shifts = written(rows, 'ShiftTraffic').filter(({ result }) => result.shifted);
  const [first, latest] = [shifts[0], shifts.at(-1)];
  return first && latest
    ? {
        step: shifts.length - 1,
        greenPercent: latest.result.greenPercent,
        since: latest.at,
        firstAt: first.at,
      }
    : null;
}

/** The execution that resumed the deployment last, by its ARN; undefined for one that was never resumed. */
export const resumedBy = (rows: StepRow[]): string | undefined =>
  written(rows, 'RecoverDeployment').findLast(({ result }) => result.deployment)?.result.deployment
    ?.execution;

/** Where a deployment is resumed that came this far. A finished shift is only undone when somebody asks for it. */
export function entryOf(progress: Progress, resume: 'rollback' | 'recover'): Entry {
  if (!progress.begun || progress.waits) return 'release';
  if (!progress.finished) return 'return';
  if (resume === 'recover' && !progress.turnedBack) return 'finish';
  // one service in place is its own rollback; after a maintenance window it depends on the schema whether there is one
  return ['ROLLING', 'MAINTENANCE'].includes(progress.deployment.strategy) ? 'return' : 'restart';
}

export interface Circumstances {
  resume: 'rollback' | 'recover';
  now: Date;
  /** The service's lock; undefined while it is free. */
  held?: { holder: string; expires: string; stuck: boolean };
  /** The execution that drives the holder, if it is another than the one that asks. */
  driverRuns: boolean;
  /** Name of the workflow's stack. */
  stack: string;
  /** The deployment that released the version which serves, and when; undefined after a rollback. */
  released?: { deployment: string; at: string };
}

/** May the deployment be resumed? If not: why, and what to do instead. */
export function mayResume(
  progress: Progress,
  { resume, now, held, driverRuns, stack, released }: Circumstances,
): { yes: true } | { yes: false; because: string } {
  const { id, settings } = progress.deployment;
  const no = (because: string) => ({ yes: false as const, because });
  // whoever holds the lock meanwhile is not disturbed by that
  if (progress.waits)
    return resume === 'recover' && driverRuns
      ? no('its execution runs, and waits for a window')
      : { yes: true };
  if (held && held.holder !== id)
    return no(`deployment ${held.holder} holds the lock of ${settings.service}; end that one first`);
  const instead = 'deploy the version that you want as a new release';
  if (resume === 'rollback' && progress.contracted)
    return no(
      `its contract migrations may have run, and the previous version does not fit what they left; ${instead}`,
    );
  if (held && resume === 'recover' && driverRuns)
    return no('its execution runs, so there is nothing to recover');
  // a recovery that was started before its last execution could still tell people must not act beside them
  if (held?.stuck && resume === 'recover')
    return no(`it waits for a person; to go back: ${rollbackCommand(id, stack)}`);
  if (held) return { yes: true };
  if (resume === 'recover' || !progress.finished) return no('it has ended, and left nothing to undo');
  if (released?.deployment !== id)
    return no(
      released
        ? `deployment ${released.deployment} was released after it; only the newest release can be rolled back, so ${instead}`
        : `it was rolled back already; to go back further, ${instead}`,
    );
  const { windowSeconds } = settings.rollback;
  const ends = Date.parse(released.at) + windowSeconds * 1000;
  if (now.getTime() > ends)
    return no(
      `its rollback window of ${windowSeconds} s ended at ${new Date(ends).toISOString()}; ${instead}`,
    );
  return { yes: true };
}
