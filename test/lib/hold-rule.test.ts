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
    () => import('../../lib/held/hold-rule.handler.ts'),
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

const tagsOf = ({ PhysicalResourceId }: Answer) => balancer.elb.tagsOf!(PhysicalResourceId);

const wanted = (change: object = {}) => ({
  ...{ ListenerArn: listener, First: groups.a, Second: groups.b, Owner: 'Shop/Traffic' },
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
  expect(tagsOf(made)).toEqual({ greenlight: 'Shop/Traffic' });
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

/** A rule of somebody's that leads to slot a, by a target that is healthy. */
async function serving(...weights: [string, number][]): Promise<string> {
  const rule = balancer.call('CreateRule', {
    ...{ ListenerArn: listener, Priority: 20, Conditions: hosts('shop.example.org') },
    Actions: [forward(...(weights.length > 0 ? weights : [[groups.a, 1] as [string, number]]))],
  }).Rules[0]!.RuleArn!;
  await balancer.serve(groups.a);
  return rule;
}

it('adopts a rule as it stands, with all of its users on slot a', async () => {
  const rule = await serving();
  const made = await create({ Adopt: rule, Page: groups.page });
  expect(made).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: rule });
  expect(ruleOf(made)).toMatchObject({ Priority: '20', Conditions: hosts('shop.example.org') });
  expect(weightsOf(made)).toEqual([
    [groups.a, 100],
    [groups.b, 0],
    [groups.page, 0],
  ]);
  expect(tagsOf(made)).toEqual({ greenlight: 'Shop/Traffic' });
  const { PhysicalResourceId } = await update(made, { Adopt: rule }, { Adopt: rule, Second: groups.b });
  expect(PhysicalResourceId).toBe(rule);
});

it('gives an adopted rule the conditions and the priority that it is told, and keeps them when it is told none', async () => {
  const rule = await serving();
  const told = { Adopt: rule, Priority: '3', Conditions: hosts('shop.example.com') };
  const made = await create(told);
  expect(ruleOf(made)).toMatchObject({ Priority: '3', Conditions: told.Conditions });
  await update(made, told, { Adopt: rule });
  expect(ruleOf(made)).toMatchObject({ Priority: '3', Conditions: told.Conditions });
});

it.each<[string, () => Promise<object>, RegExp]>([
  ['of another listener', async () => ({ ListenerArn: balancer.another }), /it is a rule of .*, and not of /],
  [
    'that leads to somebody else',
    async () => ({ Adopt: await serving([groups.a, 1], [groups.other, 0]) }),
    /it leads to .*, and slot a's is /,
  ],
  [
    'whose users are not all on slot a',
    async () => ({ Adopt: await serving([groups.a, 1], [groups.b, 1]) }),
    /slot a, which is to be live, has not all of its users/,
  ],
  [
    'without a healthy target',
    async () => {
      balancer.call('DeregisterTargets', { TargetGroupArn: groups.a, Targets: balancer.targets });
      return {};
    },
    /has no healthy target; nothing was changed/,
  ],
])('adopts no rule %s, and changes nothing', async (_, lay, reason) => {
  const rule = await serving();
  balancer.call('SetRulePriorities', { RulePriorities: [{ RuleArn: rule, Priority: 30 }] });
  const change = { Adopt: rule, ...(await lay()) };
  const before = balancer.rulesOn();
  const answer = await create(change);
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(reason) });
  // as CloudFormation takes back what could not be made
  await stack.ask('Delete', { id: answer.PhysicalResourceId, now: wanted(change) });
  expect(balancer.rulesOn()).toEqual(before);
});

it('leaves users where they are when its stack goes, and takes the groups off that nobody is on', async () => {
  const made = await create({ Page: groups.page });
  await balancer.serve(groups.b);
  const live = forward([groups.a, 0], [groups.b, 100], [groups.page, 0]);
  balancer.call('ModifyRule', { RuleArn: made.PhysicalResourceId, Actions: [live] });
  expect(
    await stack.ask('Delete', { id: made.PhysicalResourceId, now: wanted({ Page: groups.page }) }),
  ).toMatchObject({ Status: 'SUCCESS' });
  expect(weightsOf(made)).toEqual([[groups.b, 100]]);
});

it('leaves an adopted rule when its stack goes, whoever is healthy', async () => {
  const rule = await serving();
  const made = await create({ Adopt: rule });
  balancer.call('DeregisterTargets', { TargetGroupArn: groups.a, Targets: balancer.targets });
  await stack.ask('Delete', { id: rule, now: wanted({ Adopt: rule }) });
  expect(weightsOf(made)).toEqual([[groups.a, 100]]);
});

it('takes the rule for tests along although what it leads to is healthy', async () => {
  const made = await create({ ForTests: 'true' });
  await balancer.serve(groups.a);
  await stack.ask('Delete', { id: made.PhysicalResourceId, now: wanted({ ForTests: 'true' }) });
  expect(balancer.rulesOn()).toEqual([]);
});

it('does not go while users get the maintenance page', async () => {
  const made = await create({ Page: groups.page });
  const closed = forward([groups.a, 0], [groups.b, 0], [groups.page, 100]);
  balancer.call('ModifyRule', { RuleArn: made.PhysicalResourceId, Actions: [closed] });
  const gone = { id: made.PhysicalResourceId, now: wanted({ Page: groups.page }) };
  expect(await stack.ask('Delete', gone)).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringContaining(
      'get the maintenance page, which would go with the stack; open the service first',
    ),
  });
  expect(balancer.rulesOn()).toHaveLength(1);
});
