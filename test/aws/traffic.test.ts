import { type Action, RuleNotFoundException } from '@aws-sdk/client-elastic-load-balancing-v2';
import { type OpenRules, trafficShifter, weightsReader } from '../../src/aws/traffic';
import type { Settings } from '../../src/domain/settings/settings';
import { allOn } from '../../src/domain/traffic/weights';
import { exampleSettings } from '../input/parser';
import { endpointWith } from '../local/endpoint/fixture';
import { type Balancer, forward, hosts, startBalancer } from '../local/services/balancer';

const before = { ...process.env };
let balancer: Balancer;
let settings: Settings;
/** ARNs of the rules of production. */
let rules: string[];
/** One that takes no change. */
let firm: string | undefined;
/** One whose next change happens although nobody is told. */
let lost: string | undefined;
/** How many looks show the rules as they were when the test began. */
let late: number;
/** What ModifyRule was given, by rule. */
const given = new Map<string, Action[]>();
/** Of every rule, before it forwards. */
let login: Action[];

beforeEach(async () => {
  balancer = await startBalancer();
  const { groups, listener, another, call, elb } = balancer;
  const rule = (ListenerArn: string, host: string, Priority: number) =>
    call('CreateRule', {
      ...{ ListenerArn, Priority, Conditions: hosts(host) },
      Actions: [forward([groups.a, 100], [groups.b, 0])],
    }).Rules[0]!.RuleArn!;
  const [testRule = '', productionRule = '', ...otherRules] = [
    rule(another, 'green.example.org', 1),
    rule(listener, 'shop.example.org', 1),
    rule(listener, 'shop.example.com', 2),
    rule(another, 'shop.example.org', 2),
  ];
  rules = [productionRule, ...otherRules];
  const own = exampleSettings() as Settings;
  settings = {
    ...own,
    slots: {
      a: { ...own.slots.a, targetGroup: groups.a },
      b: { ...own.slots.b!, targetGroup: groups.b },
    },
    traffic: { ...own.traffic!, productionRule, otherRules, testRule },
    maintenance: null,
  };
  firm = lost = undefined;
  const ModifyRule = (input: { RuleArn: string; Actions: Action[] }, caller: { accessKeyId: string }) => {
    if (input.RuleArn === lost) {
      lost = undefined;
      elb.operations.ModifyRule!(input, caller);
      throw new Error('the answer is lost');
    }
    if (input.RuleArn === firm)
      throw new RuleNotFoundException({ message: `${firm} not found`, $metadata: {} });
    given.set(input.RuleArn, input.Actions);
    // the local load balancer serves no logins
    const Actions = input.Actions.filter(({ Type }) => Type === 'forward');
    return elb.operations.ModifyRule!({ ...input, Actions }, caller);
  };
  login = [];
  late = 0;
  const first = call('DescribeRules', { RuleArns: [testRule, ...rules] }).Rules;
  const shown = (input: object) => {
    const { Rules } = call('DescribeRules', input);
    if (late-- <= 0) return Rules;
    return Rules.map((rule) => first.find(({ RuleArn }) => RuleArn === rule.RuleArn)!);
  };
  const DescribeRules = (input: object) => ({
    Rules: shown(input).map((rule) => ({
      ...rule,
      Actions: [...login, ...(rule.Actions ?? [])],
    })),
  });
  const served = await endpointWith({
    elasticloadbalancing: { ...elb.operations, ModifyRule, DescribeRules },
  });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: served.endpoint.url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_MAX_ATTEMPTS: '1',
  });
});
afterEach(async () => {
  await balancer.close();
  process.env = { ...before };
});

const open = (): Promise<OpenRules> => trafficShifter.open({} as never).open('production', settings);
const read = () => weightsReader.open({} as never).of(settings);
/** Green's weight, rule by rule. */
const green = () => rules.map((rule) => balancer.weightsOf(rule)?.at(-1)?.[1]);
it('moves the weights of all rules of a service, and leaves the test rule alone', async () => {
  const { set, say } = await open();
  expect(say).toEqual(rules.map((rule) => ({ rule, says: { weights: allOn('a') } })));
  expect(await set({ a: 90, b: 10 }, { orNone: true })).toEqual({ weights: { a: 90, b: 10 } });
  expect(green()).toEqual([10, 10, 10]);
  expect(balancer.weightsOf(settings.traffic!.testRule)).toEqual([
    [settings.slots.a.targetGroup, 100],
    [settings.slots.b!.targetGroup, 0],
  ]);
});

it.each([
  [1, { a: 50, b: 50 }],
  [2, { a: 50, b: 50 }],
  [100, allOn('a')],
])('when %i looks are behind the change it says %j', async (looks, says) => {
  const { set } = await open();
  late = looks;
  expect(await set({ a: 50, b: 50 })).toEqual({ weights: says });
  expect(green()).toEqual([50, 50, 50]);
});

it('keeps a login in front of the slots, whose secret nobody is shown', async () => {
  const config = {
    Issuer: 'https://login.example.org',
    AuthorizationEndpoint: 'https://login.example.org/authorize',
    TokenEndpoint: 'https://login.example.org/token',
    UserInfoEndpoint: 'https://login.example.org/me',
    ClientId: 'shop',
  };
  login = [{ Type: 'authenticate-oidc', Order: 1, AuthenticateOidcConfig: config }];
  await (await open()).set(allOn('b'));
  for (const rule of rules)
    expect(given.get(rule)).toMatchObject([
      { ...login[0], AuthenticateOidcConfig: { ...config, UseExistingClientSecret: true } },
      { Type: 'forward' },
    ]);
  expect(green()).toEqual([100, 100, 100]);
});

it('moves all of them or none: where one cannot be changed, the others get the weights back that they had', async () => {
  const { set } = await open();
  firm = rules[1];
  await expect(set({ a: 50, b: 50 }, { orNone: true })).rejects.toThrow('not found');
  expect(green()).toEqual([0, 0, 0]);
  firm = undefined;
  lost = rules[2];
  await expect(set({ a: 50, b: 50 }, { orNone: true })).rejects.toThrow();
  expect(green()).toEqual([0, 0, 0]);
});

it('brings as many users back as it can: those of a rule that cannot be changed keep nobody else', async () => {
  await (await open()).set(allOn('b'), { orNone: true });
  const { set } = await open();
  firm = rules[0];
  await expect(set(allOn('a'))).rejects.toThrow('not found');
  expect(green()).toEqual([100, 0, 0]);
  expect(await read()).toEqual({
    strange: `the production rules differ: ${rules.map((rule, index) => `${rule} says ${index === 0 ? 'a 0 / b 100' : 'a 100 / b 0'}`).join(', ')}`,
  });
  firm = undefined;
  expect(await (await open()).set(allOn('a'))).toEqual({ weights: allOn('a') });
  expect(green()).toEqual([0, 0, 0]);
});
