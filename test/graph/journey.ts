import { phases } from '../../lambdas';
import { Execution, type StateMachineDefinition, StatesError, virtualClock } from '../../local/asl';
import { stepsOf } from '../../src/domain/deployment/strategy';
import { whoDecides } from '../../src/domain/rollback/decider';
import type { Settings } from '../../src/domain/settings/settings';
import { firstPoll, growingPause, nextPoll, secondsSince } from '../../src/domain/time/deadline';
import { HELD_LOOK_SECONDS } from '../../src/domain/time/limits';
import { afterLook } from '../../src/domain/traffic/bake';
import { nextLook, oftenFor } from '../../src/domain/traffic/observation-interval';
import { bind, definition as machine } from '../../statemachines';

/** A deployment as the graph sees it: only how long things take matters, and what the pure decisions say of it. */
export interface Journey {
  strategy?: 'CANARY' | 'LINEAR';
  /** A pure worker, rolled out in place, that has workers beside it. */
  pureWorker?: boolean;
  /** So long a worker that moves after the shift is looked at, and then has not moved. */
  failingSeconds?: number;
  bakeSeconds: number;
  /** A window is closed for so long. */
  heldSeconds?: number;
  /** The period of a metric of the service's own; it has none unless given. */
  metricSeconds?: number;
  /** Every deadline; as production has them unless given. */
  deadlineSeconds?: number;
  /** Every wait lasts to its deadline, every call is tried as often as the graph allows, the last look convicts. */
  longest?: boolean;
}

/** How long things take on AWS with a small database and small tasks, in seconds. */
const TYPICAL = { snapshot: 60, migration: 10, green: 40, stop: 45 };

interface Input {
  now: string;
  input: Record<string, unknown> & {
    shift?: { step: number; since: string };
    green?: { startedAt: string };
    snapshot?: { startedAt: string };
    migration?: { startedAt: string; since?: string };
    revert?: { startedAt: string };
    tried?: { trial: { startedAt: string } };
    round?: string | null;
    streak?: number;
    step?: number;
    since?: string;
  };
}

/** Runs the graph from its start to its end with the local interpreter, on a clock that only jumps. */
export async function execution(journey: Journey) {
  const names = Object.values(phases).flatMap((steps) => steps.map(({ name }) => name));
  const arns = names.map((name) => [name, `arn:aws:lambda:eu-west-1:123456789012:function:${name}`]);
  // the clock would jump to the machine's time limit whenever nothing else waits: the test asks for the time instead
  const { TimeoutSeconds: _, ...definition } = bind(
    machine,
    Object.fromEntries([...arns, ['Stack', 'Shop'], ['Partition', 'aws']]),
  ) as StateMachineDefinition;
  const clock = virtualClock();
  const answers = answersOf(journey);
  const tries = new Map<string, number>();
  const run = new Execution({
    definition,
    input: {},
    clock,
    context: {
      executionArn: 'arn:aws:states:eu-west-1:123456789012:execution:Deployment:one',
      name: 'one',
      roleArn: 'arn:aws:iam::123456789012:role/deployment',
      stateMachineArn: 'arn:aws:states:eu-west-1:123456789012:stateMachine:Deployment',
      stateMachineName: 'Deployment',
    },
    random: () => 0.5,
    perform: async ({ state: name, argument }) => {
      const answer = answers[name];
      if (!answer) throw new Error(`test/graph/journey.ts does not know what ${name} answers; add it`);
      const before = tries.get(name) ?? 0;
      tries.set(name, journey.longest && before < 4 ? before + 1 : 0);
      if (journey.longest && before < 4) throw new StatesError('TransientFault', 'once more');
      const { now, input } = called(argument);
      return answer(input, new Date(now));
    },
  });
  const started = clock.now();
  const outcome = await run.run();
  const entered = run.history.flatMap(
    (event) => (event.stateEnteredEventDetails as { name: string } | undefined)?.name ?? [],
  );
  return {
    outcome: outcome.status,
    end: entered.at(-1) ?? '',
    transitions: entered.length,
    entered,
    /** What the stubs do not answer and the graph asks for. */
    problems: run.history.flatMap(({ evaluationFailedEventDetails }) => evaluationFailedEventDetails ?? []),
    events: run.history.length,
    seconds: (clock.now() - started) / 1000,
  };
}

/** A state that waits for a person wraps what its function is given. */
const called = (argument: unknown) => (argument as { Payload?: Input }).Payload ?? (argument as Input);

type Answer = (input: Input['input'], now: Date) => unknown;

/** What each step would answer, by state: constants, and for everything that waits the real decisions about waiting. */
function answersOf({
  strategy = 'CANARY',
  bakeSeconds,
  metricSeconds,
  deadlineSeconds,
  longest = false,
  pureWorker = false,
  failingSeconds,
  heldSeconds = 0,
}: Journey): Record<string, Answer> {
  const limits = {
    snapshot: deadlineSeconds ?? 3600,
    migration: deadlineSeconds ?? 3600,
    green: deadlineSeconds ?? 900,
    evidence: deadlineSeconds ?? 1800,
    rollback: deadlineSeconds ?? 900,
    people: deadlineSeconds ?? 3600,
  };
  const takes = (what: 'snapshot' | 'migration' | 'green') => (longest ? limits[what] : TYPICAL[what]);
  const steps = stepsOf(strategy, {
    canaryPercent: 10,
    linear: { percent: 5, seconds: bakeSeconds },
    bakeSeconds,
  } as Settings);
  const often = oftenFor(metricSeconds ? [{ periodSeconds: metricSeconds }] : [], steps.length);
  // nobody ever answers
  const people = { timeoutSeconds: limits.people, automaticSeconds: 300, confirmSeconds: 900 };
  const settings = {
    approval: people,
    rollback: people,
    traffic: pureWorker ? null : {},
    workers: pureWorker || failingSeconds ? [{ kind: 'service' }] : [],
  };
  const deployment = {
    id: 'one',
    strategy: pureWorker ? 'ROLLING' : strategy,
    steps,
    manifest: {},
    dryRun: false,
    seeds: longest,
    image: 'shop@sha256:1',
    mayWait: heldSeconds > 0,
    settings,
  };
  const cause = '';
  /** `done` once it has taken its time, `busy` and a pause before. */
  const poll = (start: string, now: Date, seconds: number, limit: number, done: string, busy: string) => ({
    status: secondsSince(start, now) >= seconds ? done : busy,
    waitSeconds: nextPoll(start, now, limit),
    cause,
  });
  const rollingBack =
    (done: string, busy: string): Answer =>
    ({ since = '' }, now) =>
      poll(since, now, longest ? limits.rollback : TYPICAL.stop, limits.rollback, done, busy);
  const tried: Answer = (_, now) => ({ trial: { startedAt: now.toISOString() }, cause });
  const trial: Answer = ({ tried: begun }, now) =>
    poll(
      begun?.trial.startedAt ?? '',
      now,
      longest ? limits.rollback : TYPICAL.green,
      limits.rollback,
      'healthy',
      'undecided',
    );
  let blueTold: string | undefined;
  let testing: string | undefined;
  let rolledOut = false;
  let heldSince: string | undefined;
  let prepared = false;
  const moved: Answer = () => ({ status: 'moved', cause });
  let migratingSince: string | undefined;
  let movingSince: string | undefined;

  return {
    ValidateRequest: () => ({ valid: true, deployment, cause }),
    AcquireLock: () => ({ status: 'acquired', lock: { service: 'shop', fence: 1 }, cause }),
    InspectLive: () => ({ asRecorded: true, live: { slot: 'a' }, cause }),
    InspectDatabase: () => ({ ready: true, before: {}, cause }),
    AnalyseMigrations: () => ({ plan: { decision: 'run', pending: ['1'], contract: [] }, cause }),
    ChooseStrategy: () => ({
      chosen: true,
      deployment,
      warnings: [],
      approval: { needed: longest, because: '' },
      cause,
    }),
    RequestApproval: () => ({}),
    RecordApproval: () => ({ approved: true, cause }),
    AwaitWindow: (_, now) => {
      heldSince ??= now.toISOString();
      const left = heldSeconds - secondsSince(heldSince, now);
      if (left > 0) return { status: 'waiting', waitSeconds: Math.min(left, HELD_LOOK_SECONDS), cause };
      const status = heldSeconds > 0 && !prepared ? 'again' : 'open';
      prepared = true;
      return { status, waitSeconds: 0, cause };
    },
    SnapshotDatabase: (_, now) => ({
      snapshot: { startedAt: now.toISOString() },
      waitSeconds: firstPoll(limits.snapshot),
    }),
    CheckSnapshot: ({ snapshot }, now) =>
      poll(snapshot?.startedAt ?? '', now, takes('snapshot'), limits.snapshot, 'available', 'creating'),
    StartMigration(_, now) {
      const startedAt = now.toISOString();
      migratingSince ??= startedAt;
      const migration = { startedAt, since: migratingSince };
      return { started: true, migration, waitSeconds: firstPoll(limits.migration), cause };
    },
    CheckMigration: ({ migration }, now) =>
      poll(migration?.since ?? '', now, takes('migration'), limits.migration, 'succeeded', 'running'),
    // the longest brings seeds as well, which run twice
    VerifyMigration({ round = 'migrate' }) {
      const after: Record<string, [string | null, string | null]> = {
        migrate: [null, 'wait'],
        null: ['seed', 'run'],
        seed: ['seed-again', 'run'],
      };
      const [next, what] = (longest && after[String(round)]) || [round, null];
      return { verified: true, waitSeconds: 0, cause, round: next, next: what };
    },
    TryBlue: tried,
    CheckTrial: trial,
    TryBlueAgain: tried,
    CheckTrialAgain: trial,
    StartGreen: (_, now) => ({
      started: true,
      green: { startedAt: now.toISOString() },
      waitSeconds: firstPoll(limits.green),
      cause,
    }),
    CheckGreen: ({ green, streak = 0 }, now) => {
      const elapsed = secondsSince(green?.startedAt ?? '', now);
      const seen = elapsed >= takes('green') ? streak + 1 : 0;
      return {
        status: seen >= 2 ? 'healthy' : 'undecided',
        streak: seen,
        waitSeconds:
          seen > 0 ? growingPause(elapsed / 4, 1) : nextPoll(green?.startedAt ?? '', now, limits.green),
        cause,
      };
    },
    SmokeTestGreen: (_, now) => {
      testing ??= now.toISOString();
      return poll(testing, now, longest ? limits.green : 0, limits.green, 'passed', 'running');
    },
    MoveWorkers: moved,
    MoveOtherWorkers: (input, now) => {
      if (!failingSeconds) return moved(input, now);
      movingSince ??= now.toISOString();
      return poll(movingSince, now, failingSeconds, failingSeconds, 'failed', 'moving');
    },
    ReturnWorkers: () => ({ status: 'returned', waitSeconds: 0, cause }),
    RollOut: (_, now) => {
      const started = !rolledOut;
      rolledOut = true;
      return { started, green: { startedAt: now.toISOString() }, cause: 'it was rolled out before' };
    },
    CheckRollout: () => ({ status: 'healthy', streak: 2, cause }),
    ShiftTraffic: ({ step = 0 }) => ({
      shifted: true,
      waiting: false,
      greenPercent: steps[step]?.percent,
      waitSeconds: nextLook(0, bakeSeconds, often),
      closedSeconds: null,
      cause,
    }),
    ObserveGreen: ({ shift = { step: 0, since: '' } }, now) => {
      const elapsedSeconds = secondsSince(shift.since, now);
      const lastStep = shift.step === steps.length - 1;
      const late = elapsedSeconds >= bakeSeconds + limits.evidence * 0.9;
      const verdict = !longest ? 'healthy' : !late ? 'undecided' : lastStep ? 'unhealthy' : 'healthy';
      return {
        waitSeconds: 1,
        decides: longest
          ? 'confirm'
          : whoDecides({ greenPercent: lastStep ? 100 : 10 }, elapsedSeconds, people),
        tests: [],
        cause,
        ...afterLook(
          { verdict },
          {
            elapsedSeconds,
            bakeSeconds,
            publishedSeconds: elapsedSeconds,
            periodSeconds: 60,
            evidenceSeconds: limits.evidence,
            lastStep,
            minimumSeconds: 0,
            usersNeeded: true,
            suspected: false,
            often,
          },
        ),
      };
    },
    RetireBlue: ({ shift }, now) => {
      blueTold ??= now.toISOString();
      return {
        status: secondsSince(blueTold, now) >= TYPICAL.stop ? 'retired' : 'waiting',
        waitSeconds: growingPause(secondsSince(shift?.since ?? '', now) / 4, 1),
        warmUntil: '',
        cause,
      };
    },
    ApplyRetention: () => ({ cause }),
    CompleteDeployment: () => ({ outcome: 'DeploymentSucceeded', remark: '', report: '' }),
    ReturnTraffic: () => ({ returned: true, waiting: false, closedSeconds: null, cause }),
    ConfirmRollback: () => ({}),
    RecordConfirmation: () => ({ approved: true, cause }),
    StopTasks: rollingBack('stopped', 'stopping'),
    ReadJournal: () => ({ progress: { before: {}, protected: true, migration: null, restored: null } }),
    ChooseRollback: ({ since = '' }, now) => ({
      reverting: [],
      ...poll(since, now, 2 * limits.rollback, limits.rollback, '', ''),
      action: 'revert',
      seeds: false,
      remark: '',
      outcome: 'RolledBack',
      schemaKept: false,
      keepNewest: '0',
    }),
    RevertMigration: (_, now) => ({ started: true, revert: { startedAt: now.toISOString() }, cause }),
    CheckRevert: ({ revert }, now) =>
      poll(revert?.startedAt ?? '', now, takes('migration'), limits.migration, 'succeeded', 'running'),
    StopGreen: rollingBack('stopped', 'stopping'),
    VerifyRollback: ({ since = '' }, now) => ({
      ...poll(since, now, longest ? limits.rollback : 0, limits.rollback, 'verified', 'waiting'),
      schema: 'reverted',
      cause,
    }),
    ReleaseLock: () => ({ outcome: 'RolledBack', cause, report: '' }),
  };
}
