import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Message } from '../../local/services/sqs';
import { startWorld, type World } from '../scenarios/world';
import { eventDoor } from './event';
import { executionDoor } from './execution';
import { knownOf } from './parser';
import { changes, type Stand, standOf } from './stand';
import { isGood, knock } from './tally';

jest.setTimeout(120_000);

const SEED = 2;
let world: World;
let before: Stand;
beforeAll(async () => {
  world = await startWorld({ rate: 0 });
  before = await standOf(world);
});
afterAll(() => world?.close());
afterEach(async () => expect(changes(before, await standOf(world))).toEqual([]));

const bad = (count: number, first = 0) =>
  [...Array(count).keys()].map((index) => first + index).filter((number) => !isGood(number));

it('rejects bad requests over the wire as the parser does, and nothing changes', async () => {
  const options = { seed: SEED, known: knownOf(world.settings), wide: 4 };
  expect(await knock(executionDoor(world), bad(44), options)).toEqual([]);
});

it('rejects bad events as bad requests', async () => {
  const options = { seed: SEED, known: knownOf(world.settings) };
  expect(await knock(eventDoor(world), bad(12, 100), options)).toEqual([]);
});

it('keeps an event that is too large for an execution, and why it was not delivered', async () => {
  const Detail = JSON.stringify({ service: 'shop', image: 'shop:v2', reason: 'x'.repeat(262_144) });
  await new EventBridgeClient(world.aws).send(
    new PutEventsCommand({ Entries: [{ Source: 'a pipeline', DetailType: 'DeploymentRequested', Detail }] }),
  );
  const { sqs } = world.cloud.services;
  while (sqs.messages().length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const [{ body, attributes }] = sqs.messages() as [Message];
  expect(JSON.parse(body).detail).toEqual(JSON.parse(Detail));
  expect(attributes).toMatchObject({
    TARGET_ARN: world.cloud.outputs.StateMachineArn,
    ERROR_CODE: 'InvalidExecutionInput',
  });
});

it('rejects a request that is as large as Step Functions takes one, before it would be too large with anything beside it', async () => {
  const frame = JSON.stringify({ service: 'shop', image: 'shop:v2', reason: '' });
  const reason = 'x'.repeat(262_144 - frame.length);
  const request = JSON.stringify({ service: 'shop', image: 'shop:v2', reason });
  expect(Buffer.byteLength(request)).toBe(262_144);
  expect(await executionDoor(world)(request, 'asked-1000')).toEqual({
    rejected:
      'the request was rejected, nothing was changed: request: expected at most 60000 characters, received 262144',
    problems: [],
  });
});

it.each(['a b', 'a/b', '$(touch x)', 'x'.repeat(81), 'a\u001b[2J', '', '{% $uuid() %}', "a';--"])(
  'no execution gets the name %j',
  async (name) => {
    const input = JSON.stringify({ service: 'shop', image: 'shop:v2', reason: 'a test' });
    const start = new StartExecutionCommand({
      stateMachineArn: world.cloud.outputs.StateMachineArn,
      name,
      input,
    });
    await expect(new SFNClient(world.aws).send(start)).rejects.toMatchObject({
      name: expect.stringMatching(/^(InvalidName|ValidationException)$/),
    });
  },
);
