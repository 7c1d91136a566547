import { countedTests } from '../evidence/smoke-tests';
import { type ResultOf, results, type StepName } from '../results';
import type { StepRow } from '../results/row';
import { roundText } from '../seeds/rounds';
import { revisionName } from '../workers/moves';
import { readAs } from './read';

const list = (items: readonly string[]) => items.join(', ') || 'none';
/** `{ shop: 0 }` as "0 shop". */
const counted = (counts: Record<string, number | undefined>) =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');

const atRate = (rate: number | undefined) =>
  rate === undefined ? '' : `, ${Number(rate.toPrecision(2))} requests a second`;
const withTasks = (tasks: number | undefined) => (tasks === undefined ? '' : ` with ${tasks} tasks`);

function verified({ round, next, level, findings }: ResultOf<'VerifyMigration'>): string {
  const [first] = findings;
  if (first?.check === 'seeds') return first.detail;
  if (first || round === 'migrate') return `validated, ${level}`;
  if (round === null) return 'the rows are looked at before the seeds run';
  if (next === 'wait') return 'it is looked who else writes to what the second run of the seeds has changed';
  return `${roundText(round)} is next`;
}

/** What a step says when all went well: its result's numbers in a sentence. When it did not, its own `cause` says why. */
const sentences: { [Step in StepName]?: (result: ResultOf<Step>) => string | null | undefined } = {
  ValidateRequest: ({ deployment }) =>
    deployment && `${deployment.requestedImage} ${deployment.sameImage ? 'with' : 'is'} ${deployment.image}`,
  AcquireLock: ({ lock }) => lock && `the lock was free; number ${lock.fence}`,
  InspectLive: ({ live, tasks }) =>
    live && `slot ${live.slot} serves${withTasks(tasks)}${atRate(live.requestsPerSecond)}`,
  InspectDatabase: ({ before }) => before && `${before.applied.length} migrations were applied before`,
  AnalyseMigrations: ({ plan: { pending, contract, classes, taskDefinition, workers } }) =>
    `${pending.length} pending: ${list(pending)}; once blue is gone: ${list(contract)}; statements: ${counted(classes)}${taskDefinition?.length ? `; task definition: ${list(taskDefinition)}` : ''}${workers?.length ? `; workers: ${list(workers)}` : ''}`,
  ChooseStrategy: ({ deployment, because, warnings }) =>
    deployment && [`${deployment.strategy}: ${because}`, ...warnings].join('; warning: '),
  RequestApproval: ({ because, expiresAt }) => `asked, because ${because}; until ${expiresAt}`,
  RecordApproval: ({ by, reason }) => `approved by ${by}: ${reason}`,
  AwaitWindow: ({ cause }) => cause,
  SnapshotDatabase: ({ snapshot }) => snapshot.name,
  CheckSnapshot: ({ status }) => status,
  StartMigration: ({ migration }) =>
    migration && `${roundText(migration.round ?? 'migrate')}: ${migration.task}`,
  CheckMigration: ({ status, exitCodes }) => `${status}, exit codes ${counted(exitCodes)}`,
  VerifyMigration: verified,
  TryBlue: ({ trial }) => trial?.task,
  TryBlueAgain: ({ trial }) => trial?.task,
  StartGreen: ({ green, tasks }) =>
    green && `${green.taskDefinition} in slot ${green.slot}${withTasks(tasks)}`,
  SmokeTestGreen: ({ results: tests }) => `${countedTests(tests) || 'no tests'} passed`,
  MoveWorkers: ({ workers, moves }) =>
    workers
      .map(({ worker, taskDefinition }) => `${worker} runs ${revisionName(taskDefinition)}`)
      .join(', ') || `no worker moves ${moves} the shift`,
  ReturnWorkers: () => 'every worker runs what it ran before',
  ShiftTraffic: ({ greenPercent }) => `${greenPercent} % to green`,
  PrepareContract: ({ contract }) =>
    contract && `nothing is left of the previous version; ${contract.snapshot}`,
  StartContract: ({ contract: { migration, pending } }) =>
    migration && `${migration.task} for ${list(pending)}`,
  CheckContract: ({ status, exitCodes }) => exitCodes && `${status}, exit codes ${counted(exitCodes)}`,
  VerifyContract: ({ applied }) => `applied ${list(applied)}; the new version is healthy on it`,
  ApplyRetention: ({ removed, kept }) => `${removed.length} old snapshots deleted, ${kept} kept`,
  CompleteDeployment: ({ image, live }) => `${image} serves from slot ${live}`,
  ReturnTraffic: () => 'all traffic is back on blue',
  ConfirmRollback: ({ decides, expiresAt }) => `asked people to ${decides}; until ${expiresAt}`,
  RecordConfirmation: ({ by, reason }) => `approved by ${by}: ${reason}`,
  RevertMigration: ({ revert }) => revert && `${roundText(revert.round ?? 'revert')}: ${revert.task}`,
  VerifyRollback: ({ schema }) => `all stands as before, the schema is ${schema}`,
  ReleaseLock: ({ outcome }) => outcome,
  CallOperator: ({ outcome }) => outcome,
};

const isStep = (name: string): name is StepName => Object.hasOwn(results, name);

/** Undefined where the row has not what the sentence needs. */
function filled<Step extends StepName>(step: Step, row: StepRow): string | undefined {
  const result = readAs(step, row);
  return result === undefined ? undefined : (sentences[step]?.(result) ?? undefined);
}

const isPlain = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);

/** Whatever else a row has to say: its plain facts, without what only the graph needs. */
const facts = (result: unknown) =>
  Object.entries((result ?? {}) as object)
    .filter(([key, value]) => isPlain(value) && value !== '' && key !== 'waitSeconds' && key !== 'streak')
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ');

/** What any step says of why it is as it is; empty where it says nothing. */
export const causeOf = ({ result }: StepRow): string =>
  String((result as { cause?: unknown } | null)?.cause ?? '');

/** What a step decided, with its numbers, in one sentence. */
export function sentenceOf(row: StepRow): string {
  const good = isStep(row.step) ? filled(row.step, row) : undefined;
  // the cause of an end is told by itself
  if (good !== undefined && ENDS.has(row.step)) return good;
  return causeOf(row) || good || facts(row.result);
}

/** Steps after which a deployment is over, whose `outcome` says how. */
export const ENDS: ReadonlySet<string> = new Set<StepName>([
  'CompleteDeployment',
  'ReleaseLock',
  'CallOperator',
]);
