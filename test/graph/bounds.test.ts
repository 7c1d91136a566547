import { phases } from '../../lambdas';
import type { Ports } from '../../src/domain/step/port';
import { nextPoll } from '../../src/domain/time/deadline';
import {
  APPROVAL_LIMIT_SECONDS,
  EXECUTION_TIMEOUT_SECONDS,
  FUNCTION_TIMEOUT_SECONDS,
  LEASE_SECONDS,
  WINDOW_LIMIT_SECONDS,
} from '../../src/domain/time/limits';
import { nextLook } from '../../src/domain/traffic/observation-interval';
import type { AnyStep } from '../../src/runtime/define-step';
import { bind, definition, states as placed } from '../../statemachines';
import { retries } from '../../statemachines/policies';
import { flow, reach } from './flow';

const states = placed.map(({ name, state }) => [name, state] as const);
const phasesOf = placed.filter(({ state }) => state.Branches);
const tasks = states.filter(([, state]) => state.Type === 'Task');
/** Tasks that wait for a person, with the task token that answers them. */
const waiting = tasks.filter(([, { Resource }]) => Resource?.endsWith('.waitForTaskToken'));
const calls = tasks.filter((task) => !waiting.includes(task));
const ends = ['DeploymentSucceeded', 'RolledBack', 'DeploymentRejected', 'NeedsOperator', 'PlanReported'];
const nextOf = (name: string) => (flow.get(name)?.ways ?? []).map(({ to }) => to);

it.each(states)('%s says what it is about in one sentence', (_name, state) => {
  expect(state.Comment).toMatch(/^[A-Z].*\.$/);
});

it.each(calls)('%s is bounded in time', (_name, state) => {
  expect(state.TimeoutSeconds).toBeLessThanOrEqual(120);
});

it('says once per phase where its errors lead', () => {
  for (const { name, state } of phasesOf) {
    const [last, ...named] = [...(state.Catch ?? [])].reverse();
    expect([name, last?.ErrorEquals]).toEqual([name, ['States.ALL']]);
    // before that only ends of its own, by name
    for (const { ErrorEquals } of named)
      for (const error of ErrorEquals)
        expect([name, error, state.Branches?.[0]?.States[error]?.Type]).toEqual([name, error, 'Fail']);
  }
});

/** Tasks whose error does not end their phase: it goes on without them, or has to say first who decides about a rollback. */
const caught = [
  'RecoverDeployment',
  'ShiftTraffic',
  'ObserveGreen',
  'MoveOtherWorkers',
  'PrepareContract',
  'ApplyRetention',
];

it('catches inside a phase only where the phase goes on', () => {
  expect(calls.filter(([, { Catch }]) => Catch).map(([name]) => name)).toEqual(caught);
});

it('reads as the story of a deployment: at most twenty states at the top', () => {
  expect(Object.keys(definition.States).length).toBeLessThanOrEqual(20);
});

it.each(waiting)(
  '%s waits for people as long as the settings say, and then goes on as after an answer',
  (_name, state) => {
    expect(state.TimeoutSeconds).toMatch(/^{% \$deployment\.settings\.\w+\.timeoutSeconds %}$/);
    expect(state.Catch).toEqual([
      { ErrorEquals: ['States.Timeout', 'AlreadyAnswered'], Assign: { answer: null }, Next: state.Next },
    ]);
  },
);

/** These must not give up before a person could have done better: users wait for them, or the lock does. */
const stubborn = [
  'ReturnTraffic',
  'UndoRollout',
  'OpenService',
  'ReleaseLock',
  'CompleteDeployment',
  'CallOperator',
  'RecoverDeployment',
];

it.each(tasks)(
  '%s is tried again for faults that pass, when its function was ended in the middle, and patiently for the rates of AWS',
  (name, state) => {
    const [own, invoke, ...others] = state.Retry ?? [];
    // the process died, or was late: a step states the result it wants, so it may be asked again
    expect(own?.ErrorEquals).toEqual([
      'TransientFault',
      'Lambda.Unknown',
      'Sandbox.Timedout',
      'Runtime.ExitError',
    ]);
    expect(invoke?.ErrorEquals.every((error) => error.startsWith('Lambda.'))).toBe(true);
    expect(others.map(({ ErrorEquals }) => ErrorEquals)).toEqual([
      ['Throttled'],
      ...(stubborn.includes(name) ? [['States.ALL']] : []),
    ]);
    for (const { ErrorEquals, MaxAttempts } of state.Retry ?? [])
      expect(MaxAttempts).toBeLessThanOrEqual(ErrorEquals[0] === 'Throttled' ? 20 : 8);
    expect(state.Retry?.find(({ ErrorEquals }) => ErrorEquals[0] === 'Throttled')?.MaxDelaySeconds).toBe(180);
  },
);

it('asks a function for two minutes that AWS is still waking up, whatever the jitter', () => {
  const [, invoke] = retries.Usual;
  expect(invoke.JitterStrategy).toBe('NONE');
  const pauses = Array.from({ length: invoke.MaxAttempts }, (_, attempt) =>
    Math.min(invoke.IntervalSeconds * invoke.BackoffRate ** attempt, invoke.MaxDelaySeconds),
  );
  expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeGreaterThanOrEqual(120);
});

it('asks a question in every Choice and nowhere else', () => {
  expect(states.filter(([name]) => name.endsWith('?')).map(([name]) => name)).toEqual(
    states.filter(([, { Type }]) => Type === 'Choice').map(([name]) => name),
  );
});

it('reaches every state from the start, and an end from every state', () => {
  expect([...reach(definition.StartAt)].sort()).toEqual(states.map(([name]) => name).sort());
  for (const [name] of states) expect([name, ends.some((end) => reach(name).has(end))]).toEqual([name, true]);
});

it('ends only in the four outcomes of a deployment, or in the plan of a dry run', () => {
  expect(
    Object.keys(definition.States)
      .filter((name) => nextOf(name).length === 0)
      .sort(),
  ).toEqual([...ends].sort());
});

it('starts no migration that was not analysed, nor without an available snapshot', () => {
  expect(reach(definition.StartAt, ['MigrationsAllowed?']).has('StartMigration')).toBe(false);
  // where none is pending it starts seeds
  expect(reach(definition.StartAt, ['SnapshotAvailable?'], { pending: true }).has('StartMigration')).toBe(
    false,
  );
});

it('starts nothing before the strategy is settled', () => {
  for (const effect of ['SnapshotDatabase', 'StartMigration', 'StartGreen'])
    expect([effect, reach(definition.StartAt, ['StrategyChosen?']).has(effect)]).toEqual([effect, false]);
});

it('changes nothing before an approval that is needed was given', () => {
  for (const effect of ['SnapshotDatabase', 'StartMigration', 'StartGreen', 'RollOut']) {
    expect([effect, reach(definition.StartAt, ['ApprovalNeeded?']).has(effect)]).toEqual([effect, false]);
    expect([effect, reach('RequestApproval', ['Approved?']).has(effect)]).toEqual([effect, false]);
  }
});

it('migrates a closed service only when nobody can write any more, and its rows are recorded', () => {
  for (const proof of ['ServiceClosed?', 'WritersStopped?'])
    expect([proof, reach('CloseService', [proof]).has('StartMigration')]).toEqual([proof, false]);
  expect(reach('RecordData', ['DataRecorded?']).has('StartMigration')).toBe(false);
});

it('lets a restored database serve only when it was proven to hold what it held, and opens only on a healthy version', () => {
  expect(reach('Return', ['ChooseRollback']).has('RestoreDatabase')).toBe(false);
  expect(reach('RestoreDatabase', ['RestoreVerified?']).has('SwitchDatabase')).toBe(false);
  expect(reach('RestoreDatabase', ['BlueRestarted?']).has('OpenService')).toBe(false);
  expect(reach('Conclude', ['BlueRestarted?']).has('OpenService')).toBe(false);
});

it('shifts no traffic to a green that was not found healthy and smoke-tested', () => {
  // a rollout in place has no traffic to shift: its only step is the last one
  expect(reach(definition.StartAt, ['GreenHealthy?', 'RollOut']).has('ShiftTraffic')).toBe(false);
  expect(reach(definition.StartAt, ['SmokeTestsPassed?', 'RollOut']).has('ShiftTraffic')).toBe(false);
});

it('moves no user off a blue of which no trial has shown that it can start', () => {
  for (const effect of ['ShiftTraffic', 'RollOut'])
    expect([effect, reach(definition.StartAt, ['BlueStarts?']).has(effect)]).toEqual([effect, false]);
});

it('lets blue serve after a rollback only when a trial has shown that it can start, or on the restored database', () => {
  expect(reach('Revert', ['BlueStartsAgain?', 'RestoreVerified?']).has('Reverted')).toBe(false);
});

it('runs contract migrations only behind the finished shift, the retired version and the proof that it is gone', () => {
  // a deployment that is resumed enters behind the shift only when its journal says that green had convinced
  for (const gate of ['VerdictHealthy?', 'BlueRetired?', 'ContractReady?'])
    expect([gate, reach('ValidateRequest', [gate], { entry: 'new' }).has('StartContract')]).toEqual([
      gate,
      false,
    ]);
  for (const gate of ['BlueRetired?', 'ContractReady?'])
    expect([gate, reach('RecoverDeployment', [gate]).has('StartContract')]).toEqual([gate, false]);
});

it('returns no traffic and reverts nothing once contract migrations have begun', () => {
  // an execution that another one has relieved of its deployment says there that it did nothing more
  const behind = reach('StartContract', ['TakenOver']);
  for (const back of ['ReturnTraffic', 'UndoRollout', 'RevertMigration', 'RolledBack', 'DeploymentRejected'])
    expect([back, behind.has(back)]).toEqual([back, false]);
});

it('never leads from the finished shift back to a rollback: a switch that happened is not undone by tidying', () => {
  expect(reach('RetireBlue').has('Return')).toBe(false);
});

it('returns traffic right after the verdict, with nothing but Choices and the end of the phase in between', () => {
  const between = [
    ...reach(
      'WhoDecides?',
      tasks.map(([name]) => name),
    ),
  ].filter((name) => reach(name).has('ReturnTraffic'));
  expect(between).toEqual(expect.arrayContaining(['ShiftFailed', 'Return', 'AskFirst?', 'UsersOnGreen?']));
  expect(nextOf('UsersOnGreen?')).toContain('ReturnTraffic');
  for (const name of ['WhoDecides?', 'ShiftFailed', 'Return', 'AskFirst?', 'UsersOnGreen?'])
    expect(['Choice', 'Fail', 'Parallel']).toContain(flow.get(name)?.state.Type);
});

it('asks people about a rollback only where the release is old enough, and does not ask twice', () => {
  expect(states.filter(([name]) => nextOf(name).includes('ConfirmRollback')).map(([name]) => name)).toEqual([
    'AskFirst?',
    'WorkersAway?',
    'WorkersReturned?',
  ]);
  for (const name of ['AskFirst?', 'WorkersAway?', 'WorkersReturned?'])
    for (const { Condition, Next } of flow.get(name)?.state.Choices ?? [])
      expect([name, Next === 'ConfirmRollback']).toEqual([name, Condition.includes('$decides = ')]);
});

it('asks people to confirm, and decides about the schema, only once the workers have followed the users', () => {
  const gates = ['WorkersAway?', 'WorkersReturned?'];
  for (const later of ['ConfirmRollback', 'ChooseRollback'])
    expect([later, reach('TrafficReturned?', gates).has(later)]).toEqual([later, false]);
  expect(reach('UsersOnGreen?', gates).has('ChooseRollback')).toBe(false);
});

it('looks at green while its workers move and once they have, whatever comes of that', () => {
  for (const name of ['WaitForOthers', 'AllWorkersMoved?'])
    expect([name, reach(name, ['ObserveGreen']).has('Shifted')]).toEqual([name, false]);
});

it('proves a rollback before it says RolledBack', () => {
  // only a deployment that changed nothing leaves the proof out, and it is not called that
  const proven = ['VerifyRollback', 'WhatStands?'];
  expect(reach('Return', proven).has('RolledBack')).toBe(false);
  expect(flow.get('WhatStands?')?.state.Default).toBe('ReleaseLock');
});

it('is ended by the machine', () => {
  expect(definition.TimeoutSeconds).toBe(WINDOW_LIMIT_SECONDS + EXECUTION_TIMEOUT_SECONDS);
});

/** States that call an acting step of another phase. */
const again = ['MoveOtherWorkers', 'RestartBlue', 'CheckRestart', 'OpenService', 'RestartWorkers'];
const acting: string[] = (Object.values(phases).flat() as AnyStep[])
  .filter(({ fence }) => fence)
  .map(({ name }) => name);

it('renews the lease of its lock in every loop: without the steps that do, no state leads back to itself', () => {
  // before the lock is ours there is no lease to renew, nor while a window is waited for
  const quiet = [...acting, ...again, 'AcquireLock', 'AwaitWindow'];
  for (const [name] of states)
    if (!quiet.includes(name))
      expect([name, nextOf(name).some((next) => reach(next, quiet).has(name))]).toEqual([name, false]);
});

it('waits between two looks, and between two steps with all their attempts, far less than the lease lasts', () => {
  const day = 86_400;
  const start = new Date(0).toISOString();
  const pauses = [1, 600, day, 7 * day].flatMap((seconds) => [
    nextPoll(start, new Date(seconds * 1000), 7 * day),
    nextLook(seconds, 30 * day),
  ]);
  const waits = states.filter(([, { Type }]) => Type === 'Wait').map(([, state]) => state.Seconds);
  // every Wait is as long as its step says, and the steps say it with these two
  expect(new Set(waits)).toEqual(new Set(['{% $states.input.waitSeconds %}']));
  const attempts = Math.max(
    ...calls.map(([, { TimeoutSeconds, Retry = [] }]) =>
      Retry.reduce(
        (sum, { MaxAttempts, MaxDelaySeconds }) =>
          sum + MaxAttempts * (Number(TimeoutSeconds) + MaxDelaySeconds),
        Number(TimeoutSeconds),
      ),
    ),
  );
  expect(Math.max(...pauses, FUNCTION_TIMEOUT_SECONDS) + 3 * attempts).toBeLessThan(LEASE_SECONDS);
});

it('keeps the lease for as long as people may be waited for', () => {
  for (const [name] of waiting) {
    const step = (Object.values(phases).flat() as AnyStep[]).find((one) => one.name === name);
    expect([name, step?.leaseSeconds]).toEqual([name, APPROVAL_LIMIT_SECONDS + LEASE_SECONDS]);
  }
});

/** Does a step change more than what the workflow itself writes down? */
const changes = (uses: Ports) =>
  Object.values(uses)
    .flatMap(({ grants }) => grants.flatMap(({ actions }) => actions))
    .some((action) => !/^dynamodb:|^events:|^sns:|^kms:|:(Describe|Get|List|Query)/.test(action));

/** It cancels a run that users wait behind, and leaves any other to its end: what starts the next one gives way. */
const LETS_END = 'CheckMigration';

it('gives way to a newer deployment wherever it leads forward, and never in a rollback', () => {
  const forward = ['approve', 'close', 'protect', 'expand', 'deploy', 'shift'] as const;
  for (const [phase, steps] of Object.entries(phases))
    for (const { name, fence, uses } of steps as readonly AnyStep[])
      if (fence && changes(uses) && name !== LETS_END)
        expect([name, fence === 'forward' || fence === 'commit']).toEqual([
          name,
          (forward as readonly string[]).includes(phase),
        ]);
});

it('commits itself before users may notice anything', () => {
  const commits: string[] = (Object.values(phases).flat() as AnyStep[])
    .filter(({ fence }) => fence === 'commit')
    .map(({ name }) => name);
  for (const noticed of ['ObserveGreen', 'RetireBlue'])
    expect([noticed, reach('ValidateRequest', commits, { entry: 'new' }).has(noticed)]).toEqual([
      noticed,
      false,
    ]);
});

it('goes on with a deployment that is there already without any step that leads forward', () => {
  const onward = reach('RecoverDeployment', [], { entry: 'recovered' });
  for (const { name, fence } of Object.values(phases).flat() as AnyStep[])
    if (fence === 'forward' || fence === 'commit') expect([name, onward.has(name)]).toEqual([name, false]);
});

it('knows what Prepare hands on: a new deployment or its plan, and of a recovered one where its journal says', () => {
  const output = JSON.stringify(flow.get('Prepared')?.state.Output);
  expect(output).toContain("$settled.dryRun ? 'report' : 'deploy'");
  expect(flow.get('NewDeployment?')?.state.Choices?.map(({ Condition, Next }) => [Condition, Next])).toEqual([
    ["{% $entry = 'deploy' %}", 'Approve'],
    ["{% $entry = 'report' %}", 'Conclude'],
    ["{% $entry = 'release' %}", 'Conclude'],
    ["{% $entry = 'finish' %}", 'Contract'],
  ]);
});

it('refuses a placeholder without a function and a function without a placeholder, by name', () => {
  const graphOf = (resource: string) => ({ States: { A: { Resource: resource } } });
  expect(bind(graphOf('${A}'), { A: 'arn' })).toEqual({ States: { A: { Resource: 'arn' } } });
  expect(() => bind(graphOf('${B}'), {})).toThrow('the graph names B, which no function has');
  expect(() => bind(graphOf('${A}'), { A: 'arn', C: 'arn' })).toThrow('no state of the graph names C');
});
