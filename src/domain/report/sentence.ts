/** What is at a path such as "live.slot" of a step's result. */
export function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (found, key) =>
        found !== null && typeof found === 'object' ? (found as Record<string, unknown>)[key] : undefined,
      value,
    );
}

/** What a step says when all went well: its result's numbers in a sentence. When it did not, its own `cause` says why. */
const SENTENCES: Record<string, string> = {
  ValidateRequest: '{deployment.asked} is {deployment.image}',
  AcquireLock: 'the lock was free; number {lock.fence}',
  InspectLive: 'slot {live.slot} serves with {live.desired} tasks',
  InspectDatabase: '{before.applied.length} migrations were applied before',
  AnalyseMigrations:
    '{plan.pending.length} pending: {plan.pending}; once blue is gone: {plan.contract}; statements: {plan.classes}',
  ChooseStrategy: '{deployment.strategy}: {because}',
  RequestApproval: 'asked, because {because}; until {expiresAt}',
  RecordApproval: 'approved by {by}: {reason}',
  SnapshotDatabase: '{snapshot.name}',
  CheckSnapshot: '{status}',
  StartMigration: '{migration.task}',
  CheckMigration: '{status}, exit codes {exitCodes}',
  VerifyMigration: 'validated, {level}',
  StartGreen: '{green.desired} tasks of {green.taskDefinition} in slot {green.slot}',
  SmokeTestGreen: '{results.length} requests answered as expected',
  ShiftTraffic: '{greenPercent} % to green',
  PrepareContract: 'nothing is left of the previous version; {contract.snapshot}',
  StartContract: '{contract.migration.task} for {contract.pending}',
  CheckContract: '{status}, exit codes {exitCodes}',
  VerifyContract: 'applied {applied}; the version that serves lives with it',
  ApplyRetention: '{removed.length} old snapshots deleted, {kept} kept',
  CompleteDeployment: '{image} serves from slot {live}',
  ReturnTraffic: 'all traffic is back on blue',
  ConfirmRollback: 'asked people to {decides}; until {expiresAt}',
  RecordConfirmation: 'approved by {by}: {reason}',
  RevertMigration: '{revert.task}',
  VerifyRollback: 'the previous version serves, the schema is {schema}',
};

/** Steps after which a deployment is over, whose `outcome` says how. */
export const ENDS = new Set(['CompleteDeployment', 'ReleaseLock', 'CallOperator']);

const isPlain = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);

function words(value: unknown): string {
  if (Array.isArray(value)) return value.length > 0 ? value.map(words).join(', ') : 'none';
  if (value !== null && typeof value === 'object')
    return Object.entries(value)
      .map(([key, one]) => `${words(one)} ${key}`)
      .join(', ');
  return String(value);
}

/** The sentence with what it names; undefined where the result has not all of it. */
function filled(sentence: string, result: unknown): string | undefined {
  let whole = true;
  const text = sentence.replace(/\{([\w.]+)\}/g, (_, path: string) => {
    const found = at(result, path);
    if (found === undefined || found === null) whole = false;
    return words(found);
  });
  return whole ? text : undefined;
}

/** Whatever else a step has to say: its plain facts, without what only the graph needs. */
const facts = (result: unknown) =>
  Object.entries((result ?? {}) as object)
    .filter(([key, value]) => isPlain(value) && value !== '' && key !== 'waitSeconds' && key !== 'streak')
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ');

const text = (result: unknown, path: string) => String(at(result, path) ?? '');

/** What a step decided, with its numbers, in one sentence; of the last one the cause is told by itself. */
export function sentenceOf(step: string, result: unknown): string {
  const good = filled(SENTENCES[step] ?? '{nothing}', result);
  if (ENDS.has(step)) return good ?? text(result, 'outcome');
  return text(result, 'cause') || good || text(result, 'because') || facts(result);
}
