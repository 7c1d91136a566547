import { type Balancer, forward, hosts, startBalancer } from '../local/services/balancer';
import { type Answer, cloudFormation } from './answers';

jest.setTimeout(60_000);

let balancer: Balancer;
let stack: Awaited<ReturnType<typeof cloudFormation>>;
beforeEach(async () => {
  balancer = await startBalancer();
  ({ listener, groups } = balancer);
  stack = await cloudFormation(
    'Rule',
    { elasticloadbalancing: balancer.elb.operations },
    () => import('../../lib/hold-rule.handler.ts'),
  );
});
afterEach(async () => {
  stack.close();
  await balancer.close();
});

let listener: string;
let groups: Balancer['groups'];
const ruleOf = ({ PhysicalResourceId }: Answer) => balancer.ruleOf(PhysicalResourceId);
const weightsOf = ({ PhysicalResourceId }: Answer) => balancer.weightsOf(PhysicalResourceId);

const wanted = (change: object = {}) => ({
  ...{ ListenerArn: listener, First: groups.a, Second: groups.b },
  ...change,
});
const create = (change: object = {}) => stack.ask('Create', { now: wanted(change) });
const update = (made: Answer, before: object, now: object) =>
  stack.ask('Update', { id: made.PhysicalResourceId, before: wanted(before), now: wanted(now) });
const somebody = (Priority: number, ...Actions: object[]) =>
  balancer.call('CreateRule', {
    ...{ ListenerArn: listener, Priority, Conditions: hosts('other.example.org'), Actions },
  }).Rules[0]!.RuleArn!;

it('takes every request of a listener that is the service’s alone, after all that is added to it later', async () => {
  const made = await create({ Page: groups.page });
  expect(made).toMatchObject({ Status: 'SUCCESS' });
  expect(ruleOf(made)).toMatchObject({
    Priority: '50000',
    Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }],
  });
  expect(weightsOf(made)).toEqual([
    [groups.a, 100],
    [groups.b, 0],
    [groups.page, 0],
  ]);
});

it.each([
  ['a rule', () => somebody(10, forward([groups.other, 1]))],
  ['a rule beside one of the slots', () => somebody(10, forward([groups.a, 1], [groups.other, 0]))],
  ['the default action', () => elseByDefault(forward([groups.other, 1]))],
  [
    'a redirect by default',
    () => elseByDefault({ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', StatusCode: 'HTTP_301' } }),
  ],
])(
  'takes nothing of a listener that sends requests elsewhere by %s, and says what to give',
  async (_, lay) => {
    const named = lay();
    const before = balancer.rulesOn();
    expect(await create()).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining(
        `${listener} sends requests elsewhere (${named}), and a rule without conditions would take every request; give`,
      ),
    });
    expect(balancer.rulesOn()).toEqual(before);
    const own = await create({ Conditions: hosts('shop.example.org') });
    expect(ruleOf(own)).toMatchObject({ Priority: '50000', Conditions: hosts('shop.example.org') });
  },
);

const elseByDefault = (action: object) => {
  balancer.call('ModifyListener', { ListenerArn: listener, DefaultActions: [action] });
  return 'its default action';
};

it('is in front of what leads to the slots already, and of what answers by itself', async () => {
  elseByDefault(forward([groups.a, 1]));
  somebody(10, balancer.nowhere);
  expect(await create()).toMatchObject({ Status: 'SUCCESS' });
});

it('finds a free place for each of several that are made in the same moment', async () => {
  somebody(50_000, balancer.nowhere);
  const made = await Promise.all(
    ['a', 'b', 'c'].map((name) => create({ Conditions: hosts(`${name}.example.org`) })),
  );
  expect(made.map(({ Status }) => Status)).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS']);
  expect(balancer.rulesOn().map(({ Priority }) => Priority)).toEqual(['49997', '49998', '49999', '50000']);
});

it('changes conditions and priority, and no weight', async () => {
  const before = { Conditions: hosts('shop.example.org') };
  const made = await create(before);
  const shifted = forward([groups.a, 90], [groups.b, 10]);
  balancer.call('ModifyRule', { RuleArn: made.PhysicalResourceId, Actions: [shifted] });
  const after = { Conditions: hosts('shop.example.org', 'shop.example.com'), Priority: '7' };
  expect(await update(made, before, after)).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: made.PhysicalResourceId,
  });
  expect(ruleOf(made)).toMatchObject({ Priority: '7', Conditions: after.Conditions });
  // and where its place is left to us again, it stays
  await update(made, after, { Conditions: after.Conditions });
  expect(ruleOf(made)).toMatchObject({ Priority: '7' });
  expect(weightsOf(made)).toEqual([
    [groups.a, 90],
    [groups.b, 10],
  ]);
});

it('gives up no conditions where the listener sends requests elsewhere', async () => {
  somebody(10, forward([groups.other, 1]));
  const before = { Conditions: hosts('shop.example.org') };
  const made = await create(before);
  expect(await update(made, before, {})).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringContaining('sends requests elsewhere'),
  });
  expect(ruleOf(made).Conditions).toEqual(before.Conditions);
});

it.each([
  ['the listener', () => ({ ListenerArn: balancer.another })],
  ["the slots' target groups", () => ({ Second: groups.other, Page: groups.b })],
  ['the maintenance page', () => ({ Page: undefined })],
])('refuses another %s by name, and takes back what it refused', async (name, change) => {
  const before = { Page: groups.page };
  const made = await create(before);
  const rules = balancer.rulesOn();
  const after = { ...before, ...change() };
  expect(await update(made, before, { ...after, Priority: '3' })).toMatchObject({
    Status: 'FAILED',
    PhysicalResourceId: made.PhysicalResourceId,
    Reason: expect.stringMatching(
      new RegExp(`^Error: ${name}.* of ${made.PhysicalResourceId} cannot be changed`),
    ),
  });
  expect(balancer.rulesOn()).toEqual(rules);
  // as CloudFormation rolls a stack back: an update to what was there before
  expect(await update(made, { ...after, Priority: '3' }, before)).toMatchObject({ Status: 'SUCCESS' });
});

it('takes a maintenance page later', async () => {
  const made = await create();
  expect(await update(made, {}, { Page: groups.page })).toMatchObject({ Status: 'SUCCESS' });
});

it('goes with its stack', async () => {
  const made = await create();
  expect(await stack.ask('Delete', { id: made.PhysicalResourceId, now: wanted() })).toMatchObject({
    Status: 'SUCCESS',
  });
  expect(balancer.rulesOn()).toEqual([]);
});
