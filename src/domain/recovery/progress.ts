import * as z from 'zod/mini';
import { type Deployment, deploymentSchema } from '../deployment/deployment';
import {
  type Blue,
  type Contract,
  contractSchema,
  greenSchema,
  liveSchema,
  restoredSchema,
  type shiftSchema,
  taskSchema,
} from '../deployment/variables';

/** A step's row in the journal. */
export interface StepRow {
  step: string;
  /** When the state was entered, in ISO 8601. */
  at: string;
  result: unknown;
}

/**
 * Where a deployment is taken up again. `release`: nothing was changed, the lock is freed. `return`: the way back, traffic
 * first. `restart`: the way back after a finished shift, where blue has to be up before it gets the traffic. `finish`:
 * the new version serves everybody, what is left is tidied.
 */
export type Entry = 'release' | 'return' | 'restart' | 'finish';

/** The variables that the graph uses behind `RecoverDeployment`, as they stood. */
export interface Variables {
  live: Blue | null;
  /** The snapshot is available: until then no statement runs, and nobody has to look at the schema again. */
  protected: boolean;
  plan: { pending: string[] } | null;
  migration: z.infer<typeof taskSchema> | null;
  migrated: boolean;
  green: z.infer<typeof greenSchema> | null;
  shift: z.infer<typeof shiftSchema> | null;
  usersOnGreen: boolean;
  /** The contract migrations, once they were about to run. */
  contract: Contract | null;
  /** For how long the service was closed, and what its database was restored into. */
  closedSeconds: number | null;
  restored: z.infer<typeof restoredSchema> | null;
}

export interface Progress {
  deployment: Deployment;
  variables: Variables;
  /** The strategy is settled, so effects may have begun. */
  begun: boolean;
  /** All users are on green, and green was acquitted. */
  finished: boolean;
  /** Contract migrations may have run: the previous version may no longer fit the schema. */
  contracted: boolean;
  /** Somebody decided on the way back after the shift was finished. */
  turnedBack: boolean;
  /** People were asked about the rollback, and said no. */
  rollbackRejected: boolean;
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

const shapes = {
  deployment: z.object({ deployment: deploymentSchema }),
  chosen: z.object({ chosen: z.literal(true), deployment: deploymentSchema }),
  live: z.object({ live: liveSchema }),
  plan: z.object({ plan: z.looseObject({ pending: z._default(z.array(z.string()), []) }) }),
  migration: z.object({ migration: taskSchema }),
  verified: z.object({ verified: z.literal(true) }),
  green: z.object({ green: greenSchema }),
  healthy: z.object({ status: z.literal('healthy') }),
  shifted: z.object({ shifted: z.literal(true), greenPercent: z.number() }),
  finish: z.object({ next: z.literal('finish') }),
  ready: z.object({ status: z.literal('ready') }),
  available: z.object({ status: z.literal('available') }),
  passed: z.object({ status: z.literal('passed') }),
  contract: z.object({ contract: contractSchema }),
  rejected: z.object({ approved: z.literal(false) }),
  opened: z.object({ closedSeconds: z.number() }),
  restored: z.object({ restored: restoredSchema }),
  back: z.object({ entry: z.enum(['return', 'restart']) }),
};

type Written<T> = { at: string; result: T };

/** The rows of a step whose result has a shape, the first first. */
function written<T>(rows: StepRow[], step: string, shape: z.ZodMiniType<T>): Written<T>[] {
  return rows
    .filter((row) => row.step === step)
    .flatMap(({ at, result }) => {
      const parsed = shape.safeParse(result);
      return parsed.success ? [{ at, result: parsed.data }] : [];
    });
}

/**
 * How far a deployment came and every variable of its ways to an end, from its journal. A step writes its row before the
 * next one is entered, so at most the last effect has no row: the way back states what it wants and looks for itself, so
 * it undoes that one too. Undefined for a deployment that the journal does not know.
 */
export function progressOf(rows: StepRow[]): Progress | undefined {
  const last = <T>(step: string, shape: z.ZodMiniType<T>) => written(rows, step, shape).at(-1)?.result;
  const has = (step: string, shape: z.ZodMiniType<unknown>) => written(rows, step, shape).length > 0;

  const settled = last('ChooseStrategy', shapes.chosen);
  const deployment = settled?.deployment ?? last('ValidateRequest', shapes.deployment)?.deployment;
  if (!deployment) return undefined;
  const live = last('InspectLive', shapes.live)?.live ?? null;
  const plan = last('AnalyseMigrations', shapes.plan)?.plan ?? null;
  const rolling = deployment.strategy === 'ROLLING';
  const green = last(rolling ? 'RollOut' : 'StartGreen', shapes.green)?.green ?? null;
  return {
    deployment,
    variables: {
      live,
      protected: has('CheckSnapshot', shapes.available),
      plan,
      migration: last('StartMigration', shapes.migration)?.migration ?? null,
      migrated: has('VerifyMigration', shapes.verified),
      green,
      shift: shiftOf(rows, rolling, green?.startedAt),
      // wherever green may have had a user: returning the traffic of one that had none changes nothing, and neither does
      // undoing a rollout that has not begun
      usersOnGreen: rolling || has('SmokeTestGreen', shapes.passed),
      contract: contractOf(rows),
      closedSeconds:
        (last('ShiftTraffic', shapes.opened) ?? last('ReturnTraffic', shapes.opened))?.closedSeconds ?? null,
      restored: last('RestoreDatabase', shapes.restored)?.restored ?? null,
    },
    begun: settled !== undefined && live !== null && !deployment.dryRun,
    finished: has('ObserveGreen', shapes.finish),
    contracted: has('PrepareContract', shapes.ready),
    turnedBack: has('RecoverDeployment', shapes.back),
    rollbackRejected: has('RecordConfirmation', shapes.rejected),
    last: rows.at(-1)?.step ?? '',
  };
}

/** As the last step of the contract that wrote it knows it. */
const contractOf = (rows: StepRow[]): Contract | null =>
  ['CheckContract', 'StartContract', 'PrepareContract']
    .map((step) => written(rows, step, shapes.contract).at(-1)?.result.contract)
    .find((contract) => contract !== undefined) ?? null;

function shiftOf(rows: StepRow[], rolling: boolean, startedAt: string | undefined): Variables['shift'] {
  if (rolling) {
    const healthy = written(rows, 'CheckRollout', shapes.healthy).at(-1);
    return healthy && startedAt
      ? { step: 0, greenPercent: 100, since: healthy.at, firstAt: startedAt }
      : null;
  }
  const shifts = written(rows, 'ShiftTraffic', shapes.shifted);
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

/** The execution that took the deployment up last, by its ARN; undefined for one that was never taken up. */
export const takenUpBy = (rows: StepRow[]): string | undefined =>
  written(rows, 'RecoverDeployment', shapes.deployment).at(-1)?.result.deployment.execution;

/** Where a deployment is taken up again that came this far. A finished shift is only undone when somebody asks for it. */
export function entryOf(progress: Progress, resume: 'rollback' | 'recover'): Entry {
  if (!progress.begun) return 'release';
  if (!progress.finished) return 'return';
  if (resume === 'recover' && !progress.turnedBack) return 'finish';
  // one service in place is its own way back; after a maintenance window it depends on the schema whether there is one
  return ['ROLLING', 'MAINTENANCE'].includes(progress.deployment.strategy) ? 'return' : 'restart';
}

export interface Circumstances {
  resume: 'rollback' | 'recover';
  now: Date;
  /** The service's lock; undefined while it is free. */
  held?: { holder: string; expires: string; stuck: boolean };
  /** The execution that drives the holder, if it is another than the one that asks. */
  driverRuns: boolean;
  /** The deployment that released the version which serves, and when; undefined after a rollback. */
  released?: { deployment: string; at: string };
}

/** May the deployment be taken up again? If not: why, and what to do instead. */
export function mayResume(
  progress: Progress,
  { resume, now, held, driverRuns, released }: Circumstances,
): { yes: true } | { yes: false; because: string } {
  const { id, settings } = progress.deployment;
  const no = (because: string) => ({ yes: false as const, because });
  if (held && held.holder !== id)
    return no(`deployment ${held.holder} holds the lock of ${settings.service}; end that one first`);
  const instead = 'deploy the version that you want as a new release';
  if (resume === 'rollback' && progress.contracted)
    return no(
      `its contract migrations may have run, and the version before does not fit what they left; ${instead}`,
    );
  if (held && resume === 'recover' && driverRuns)
    return no('its execution runs, so there is nothing to recover');
  // a recovery that was started before its last execution could still tell people must not act beside them
  if (held?.stuck && resume === 'recover')
    return no(`it waits for a person; to go back: greenlight rollback ${id}`);
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
