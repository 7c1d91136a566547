import {
  DescribeExecutionCommand,
  ListStateMachinesCommand,
  paginateGetExecutionHistory,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { phases } from '../../lambdas';
import type { Message } from '../../local/services/sqs';
import type { AnyStep } from '../../src/runtime/define-step';
import { portsOf } from '../../src/runtime/run-step';
import { retries } from '../../statemachines/policies';
import { faultsOf, triesOf } from '../faults/cases';
import { expectServing } from './serving';
import { quick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(300_000);

let world: World;
beforeAll(async () => {
  world = await startWorld({ speed: 40, patience: 10 });
});
afterEach(() => {
  world.mend();
  return world.rest();
});
afterAll(() => world?.close());

/** What Lambda says as long as it cannot call a function and will be able to. */
const passing = retries.Usual[1].ErrorEquals.map((error) => error.replace('Lambda.', ''));
const PASSES_SECONDS = 120;

/** Each attempt at a state is refused, but the last one that the graph makes. */
const refuse = (state: string, error: string) => {
  const [fault] = faultsOf({ state, kind: 'throttled', error });
  world.fault({ ...fault!, times: triesOf(state, error) - 1 });
};

/** Its migration fails half-way, so that it is rolled back. */
const halfApplied = () => world.deploy({ image: 'shop:v4', ...quick });

it.each(passing)('waits two minutes for a function that Lambda cannot call yet: %s', async (error) => {
  const states = ['AcquireLock', 'ReadJournal'];
  for (const state of states) refuse(state, error);
  const { outcome, events, name } = await halfApplied();
  expect(outcome).toBe('RolledBack');
  // what the execution was refused, and how long that took: one state after the other
  const refused = events.filter(
    ({ taskFailedEventDetails, lambdaFunctionFailedEventDetails }) =>
      (taskFailedEventDetails ?? lambdaFunctionFailedEventDetails)?.error === `Lambda.${error}`,
  );
  const tries = states.map((state) => triesOf(state, error) - 1);
  expect(refused.length).toBe(tries[0]! + tries[1]!);
  for (const [from, to] of [
    [0, tries[0]! - 1],
    [tries[0]!, refused.length - 1],
  ] as const) {
    const [first, last] = [refused[from]!, refused[to]!].map(({ timestamp }) => timestamp!.getTime());
    // and the last pause, after which it was called
    expect((last! - first!) / 1000 + 30).toBeGreaterThanOrEqual(PASSES_SECONDS);
  }
  expect(world.faults()).toEqual([]);
  expect((await world.journal(name)).map(({ step }) => step)).toEqual(expect.arrayContaining(states));
  expect(await world.lockHolder()).toBeUndefined();
  await expectServing(world, { version: 'v1', slot: 'a' });
});

it.each([
  ['InvalidRequestContentException', 'AcquireLock', 'DeploymentRejected'],
  ['ResourceNotFoundException', 'AcquireLock', 'DeploymentRejected'],
  ['InvalidRequestContentException', 'ReadJournal', 'NeedsOperator'],
  ['ResourceNotFoundException', 'ReadJournal', 'NeedsOperator'],
])('does not wait for what does not pass: %s at %s ends as %s', async (error, state, outcome) => {
  world.fault(faultsOf({ state, kind: 'before', error })[0]!);
  const ended = await halfApplied();
  expect(ended.outcome).toBe(outcome);
  expect(ended.cause).toContain(`Lambda.${error}`);
  expect(world.faults()).toEqual([]);
  expect(await world.serving()).toEqual(['v1']);
});

it('the call of every day reaches each function that has a network interface, also where one cannot be called', async () => {
  const client = new SFNClient(world.aws);
  const { stateMachines = [] } = await client.send(new ListStateMachinesCommand({}));
  const { stateMachineArn } = stateMachines.find(({ name }) => name?.includes('KeepAwake'))!;
  const target = 'GreenlightInspectDatabase';
  world.fault({ operation: 'lambda:Invoke', kind: 'before', error: passing[0], target, times: 1000 });
  const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn }));
  for (;;) {
    const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== 'RUNNING') {
      expect(status).toBe('SUCCEEDED');
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  let called = 0;
  const asleep: string[] = [];
  for await (const { events = [] } of paginateGetExecutionHistory({ client }, { executionArn }))
    for (const { type, stateEnteredEventDetails } of events) {
      if (type === 'TaskSucceeded') called++;
      if (stateEnteredEventDetails?.name === 'Asleep') asleep.push(stateEnteredEventDetails.input ?? '');
    }
  const inVpc = Object.values(phases)
    .flat()
    .filter((step: AnyStep) => Object.values(portsOf(step)).some((port) => port.inVpc));
  expect(called).toBe(inVpc.length - 1);
  expect(asleep).toHaveLength(1);
});

it('what a function beside the graph could not do in three attempts is kept for people', async () => {
  const target = 'GreenlightReconcile';
  world.fault({ operation: 'ssm:GetParametersByPath', kind: 'deny', role: target });
  const { sqs } = world.cloud.services;
  while (sqs.messages().length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  const [{ body, attributes }] = sqs.messages() as [Message];
  expect(JSON.parse(body)).toMatchObject({ 'detail-type': 'Scheduled Event' });
  expect(attributes).toMatchObject({
    ErrorCode: '200',
    ErrorMessage: expect.stringContaining('not authorized'),
  });
});
