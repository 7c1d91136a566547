import { type Constraints, constrained, patternOf } from '../../../local/endpoint/constraints';
import { servedOperations } from '../served';
import { endpointWith, refusal, send } from './fixture';

const called = jest.fn(() => ({}));
beforeEach(() => called.mockClear());

const LONG = 'x'.repeat(81);
const ARN = 'arn:aws:states:eu-west-1:000000000000:stateMachine:orders';

it.each([
  [
    'a text that is too long',
    ['states', 'StartExecution', { stateMachineArn: ARN, name: LONG }],
    'ValidationException',
    `1 validation error detected: Value '${LONG}' at 'name' failed to satisfy constraint: Member must have length less than or equal to 80`,
  ],
  [
    'a text of other characters',
    ['logs', 'CreateLogGroup', { logGroupName: 'a b' }],
    'InvalidParameterException',
    "Value 'a b' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+",
  ],
  [
    'a word that is none of the model',
    ['ssm', 'PutParameter', { Name: 'a', Value: 'b', Type: 'Text' }],
    'ValidationException',
    "Value 'Text' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [String, StringList, SecureString]",
  ],
  [
    'a number out of range',
    ['elasticloadbalancing', 'CreateTargetGroup', { Name: 'a', Port: 70_000 }],
    'ValidationError',
    "Value '70000' at 'port' failed to satisfy constraint: Member must have value less than or equal to 65535",
  ],
  [
    'a list that is too long',
    ['events', 'PutEvents', { Entries: Array.from({ length: 11 }, () => ({ Source: 'a' })) }],
    'ValidationException',
    "Value at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10",
  ],
  [
    'a value within a list',
    ['events', 'RemoveTargets', { Rule: 'r', Ids: ['a', 'b c'] }],
    'ValidationException',
    "Value '[a, b c]' at 'ids' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 64, ",
  ],
  [
    'a field of something in a list',
    [
      'events',
      'PutTargets',
      {
        Rule: 'r',
        Targets: [
          { Id: '1', Arn: 'a' },
          { Id: '', Arn: 'a' },
        ],
      },
    ],
    'ValidationException',
    "Value '' at 'targets.2.member.id' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ],
])(
  '%s is refused as the service refuses it, and nothing happens',
  async (_, [service, operation, input], name, message) => {
    const call = [service, operation] as [string, string];
    const { endpoint } = await endpointWith({ [call[0]]: { [call[1]]: called } });
    expect(await refusal(send(endpoint.url, call, input as object))).toMatchObject({
      name,
      status: 400,
      message: expect.stringContaining(message as string),
    });
    expect(called).not.toHaveBeenCalled();
  },
);

it('every problem is told at once, and no secret is repeated', async () => {
  const { endpoint } = await endpointWith({ secretsmanager: { CreateSecret: called } });
  const SecretString = 'swordfish'.repeat(10_000);
  const input = { Name: '', SecretString, ClientRequestToken: 'short' };
  const { message } = await refusal(send(endpoint.url, ['secretsmanager', 'CreateSecret'], input));
  expect(message).toContain('3 validation errors detected: ');
  expect(message).toContain("Value at 'secretString' failed to satisfy constraint");
  expect(message).not.toContain('swordfish');
});

it('what keeps to the model passes', async () => {
  const { endpoint } = await endpointWith({ states: { StartExecution: called } });
  await send(endpoint.url, ['states', 'StartExecution'], { stateMachineArn: ARN, name: LONG.slice(1) });
  expect(called).toHaveBeenCalledTimes(1);
});

it.each(constrained)(
  'the constraints of %s are of operations that are served, with patterns that can be read',
  async (service) => {
    const model: Constraints = require(`../../../local/endpoint/constraints/${service}.json`);
    const served = (await servedOperations()).get(service);
    for (const [operation, paths] of Object.entries(model)) {
      expect(served).toContain(operation);
      for (const { pattern } of Object.values(paths)) if (pattern) patternOf(pattern);
    }
  },
);
