import type { Clock } from '../../../local/clock';
import { createCloudWatch } from '../../../local/services/cloudwatch';
import { createElbv2, type Elbv2 } from '../../../local/services/elbv2';
import { manualClock } from '../manual-clock';
import { type Origin, startOrigin, until } from '../proxy/origin';

const noFunctions = { invoke: () => Promise.reject(new Error('there is no function here')) };

const caller = { accessKeyId: 'test' };
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function origin(name: string): Promise<Origin> {
  const started = await startOrigin(name);
  closers.push(started.close);
  return started;
}

/** A load balancer with one listener, one rule for everything, and the groups blue (100) and green (0). */
async function setUp({ clock = manualClock() as Clock, propagationMs = 0 } = {}) {
  const cloudwatch = createCloudWatch({ clock });
  const elb: Elbv2 = createElbv2({ clock, metrics: cloudwatch, functions: noFunctions, propagationMs });
  closers.push(() => elb.close!());
  // biome-ignore lint/suspicious/noExplicitAny: outputs differ per operation
  const call = (operation: string, input: unknown): any => elb.operations[operation]!(input, caller);
  const make = async (type: string, name: string, properties: unknown) =>
    elb.resources![`AWS::ElasticLoadBalancingV2::${type}`]!(properties, {
      logicalId: name,
      name: `stack-${name}`,
      metadata: {},
    });
  const group = (name: string, more = {}) =>
    make('TargetGroup', name, { TargetType: 'ip', HealthCheckPath: '/health', Port: 8080, ...more });

  const loadBalancer = await make('LoadBalancer', 'lb', {});
  const [blue, green, other] = [await group('blue'), await group('green'), await group('other')];
  const listener = await make('Listener', 'listener', {
    LoadBalancerArn: loadBalancer.ref,
    Port: 80,
    DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
  });
  const weights = (blueWeight: number, greenWeight: number) => [
    {
      Type: 'forward',
      ForwardConfig: {
        TargetGroups: [
          { TargetGroupArn: blue.ref, Weight: blueWeight },
          { TargetGroupArn: green.ref, Weight: greenWeight },
        ],
      },
    },
  ];
  const anyPath = [{ Field: 'path-pattern', Values: ['/*'] }];
  const rule = await make('ListenerRule', 'rule', {
    ListenerArn: listener.ref,
    Priority: '10',
    Conditions: anyPath,
    Actions: weights(100, 0),
  });
  const { Listeners } = call('DescribeListeners', { LoadBalancerArn: loadBalancer.ref });
  const url = `http://127.0.0.1:${Listeners[0].Port}`;
  const shift = (blueWeight: number, greenWeight: number) =>
    call('ModifyRule', { RuleArn: rule.ref, Actions: weights(blueWeight, greenWeight) });
  return {
    elb,
    cloudwatch,
    call,
    make,
    group,
    loadBalancer,
    blue,
    green,
    other,
    listener,
    rule,
    url,
    weights,
    anyPath,
    shift,
  };
}

const target = ({ port }: Origin) => ({ id: '127.0.0.1', port });

async function cloud(...parameters: Parameters<typeof setUp>) {
  const made = await setUp(...parameters);
  const [a, b] = [await origin('blue'), await origin('green')];
  made.elb.register(made.blue.ref, target(a));
  made.elb.register(made.green.ref, target(b));
  await until('both are healthy', () =>
    [made.elb.health(made.blue.ref, target(a)), made.elb.health(made.green.ref, target(b))].every(
      (health) => health === 'healthy',
    ),
  );
  const ask = async () => (await fetch(made.url)).text();
  return { ...made, a, b, ask };
}

describe('resources', () => {
  it('have AWS’s ARNs, and the listener tells its real port', async () => {
    const { loadBalancer, blue, listener, rule, url, call } = await setUp();
    expect(loadBalancer.attributes).toMatchObject({
      DNSName: '127.0.0.1',
      LoadBalancerArn: loadBalancer.ref,
      LoadBalancerName: 'stack-lb',
    });
    const full = loadBalancer.attributes!.LoadBalancerFullName;
    expect(loadBalancer.ref).toBe(`arn:aws:elasticloadbalancing:eu-west-1:000000000000:loadbalancer/${full}`);
    expect(listener.ref).toMatch(new RegExp(`:listener/${full}/[0-9a-f]{16}$`));
    expect(rule.ref).toMatch(new RegExp(`:listener-rule/${full}/[0-9a-f]{16}/[0-9a-f]{16}$`));
    expect(blue.ref).toMatch(new RegExp(`:${blue.attributes!.TargetGroupFullName}$`));
    expect((await fetch(`${url}/x`)).status).toBe(503);
    expect(
      call('DescribeLoadBalancers', { LoadBalancerArns: [loadBalancer.ref] }).LoadBalancers[0],
    ).toMatchObject({
      State: { Code: 'active' },
      DNSName: '127.0.0.1',
    });
  });

  it('get names of at most 32 characters that stay different', async () => {
    const { group } = await setUp();
    const long = 'an-extraordinarily-long-logical-name-of-';
    const names = [await group(`${long}blue`), await group(`${long}green`)].map(
      ({ attributes }) => attributes!.TargetGroupName!,
    );
    expect(names.map((name) => name.length <= 32)).toEqual([true, true]);
    expect(new Set(names).size).toBe(2);
  });

  it('change in place where AWS changes them so, and end once nothing leads to them', async () => {
    const { elb, make, loadBalancer, other, call, url } = await setUp();
    const change = (type: string, ref: string, properties: object, before: object) =>
      elb.updates![`AWS::ElasticLoadBalancingV2::${type}`]!(properties, {
        ...{ logicalId: type, name: type, metadata: {}, ref, before },
      });
    const remove = (type: string, ref: string) =>
      elb.removals![`AWS::ElasticLoadBalancingV2::${type}`]!(ref, {});
    change('TargetGroup', other.ref, { Port: 8080, HealthCheckPath: '/alive' }, { Port: 8080 });
    const { TargetGroups } = call('DescribeTargetGroups', { TargetGroupArns: [other.ref] });
    expect(TargetGroups[0].HealthCheckPath).toBe('/alive');
    expect(() => change('TargetGroup', other.ref, { Port: 80 }, { Port: 8080 })).toThrow(
      'a change of Port makes another target group on AWS',
    );

    const to = [{ Type: 'forward', TargetGroupArn: other.ref }];
    const before = { LoadBalancerArn: loadBalancer.ref, Port: 81, DefaultActions: to };
    const second = await make('Listener', 'second', before);
    await expect(remove('TargetGroup', other.ref)).rejects.toThrow('is currently in use');
    const gone = [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '410' } }];
    await change('Listener', second.ref, { ...before, DefaultActions: gone }, before);
    const { Listeners } = call('DescribeListeners', { ListenerArns: [second.ref] });
    const at = `http://127.0.0.1:${Listeners[0].Port}`;
    expect((await fetch(at)).status).toBe(410);
    expect(() => change('Listener', second.ref, { ...before, Port: 82 }, before)).toThrow('a change of Port');
    await remove('Listener', second.ref);
    await expect(fetch(at)).rejects.toThrow('fetch failed');
    await remove('TargetGroup', other.ref);
    expect(() => call('DescribeTargetGroups', { TargetGroupArns: [other.ref] })).toThrow('not found');
    expect((await fetch(url)).status).toBe(503);
  });

  it('without a local counterpart are refused by name', async () => {
    const { make, group, loadBalancer } = await setUp();
    await expect(make('LoadBalancer', 'nlb', { Type: 'network' })).rejects.toThrow(
      "'network' is not served locally",
    );
    await expect(group('alb', { TargetType: 'alb' })).rejects.toThrow("'alb' is not served locally");
    await expect(
      group('slow', { TargetGroupAttributes: [{ Key: 'slow_start.duration_seconds', Value: '30' }] }),
    ).rejects.toThrow("'slow_start.duration_seconds' can only be '0' locally");
    await expect(group('path', { HealthCheckPath: 'health' })).rejects.toThrow("must begin with a '/'");
    await expect(group('codes', { Matcher: { HttpCode: '2xx' } })).rejects.toThrow(
      "'2xx' must be within 200-499",
    );
    await expect(
      make('Listener', 'attributes', { LoadBalancerArn: loadBalancer.ref, ListenerAttributes: [{}] }),
    ).rejects.toThrow('ListenerAttributes');
  });
});

describe('ModifyRule', () => {
  it('shifts the traffic by its weights', async () => {
    const { ask, shift } = await cloud();
    expect([await ask(), await ask()]).toEqual(['blue', 'blue']);
    shift(0, 100);
    expect([await ask(), await ask()]).toEqual(['green', 'green']);
  });

  it('replaces the whole action list, so that left out stickiness is gone', async () => {
    const { call, rule, weights, shift } = await setUp();
    const sticky = weights(1, 1);
    Object.assign(sticky[0]!.ForwardConfig, {
      TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 60 },
    });
    call('ModifyRule', { RuleArn: rule.ref, Actions: sticky });
    const stickiness = () =>
      call('DescribeRules', { RuleArns: [rule.ref] }).Rules[0].Actions[0].ForwardConfig
        .TargetGroupStickinessConfig;
    expect(stickiness()).toEqual({ Enabled: true, DurationSeconds: 60 });
    shift(1, 1);
    expect(stickiness()).toEqual({ Enabled: false });
  });

  it('shows the scalar target group for one group only', async () => {
    const { call, rule, blue, weights } = await setUp();
    const shown = (Actions: unknown) =>
      call('ModifyRule', { RuleArn: rule.ref, Actions }).Rules[0].Actions[0];
    expect(shown(weights(90, 10))).not.toHaveProperty('TargetGroupArn');
    expect(shown([{ Type: 'forward', TargetGroupArn: blue.ref }])).toMatchObject({
      TargetGroupArn: blue.ref,
      ForwardConfig: { TargetGroups: [{ TargetGroupArn: blue.ref, Weight: 1 }] },
    });
    expect(
      shown([
        { Type: 'forward', ForwardConfig: { TargetGroups: [{ TargetGroupArn: blue.ref, Weight: 7 }] } },
      ]),
    ).toMatchObject({ TargetGroupArn: blue.ref, ForwardConfig: { TargetGroups: [{ Weight: 7 }] } });
  });

  it('refuses what ELB refuses, and then changes nothing', async () => {
    const { call, rule, blue, green, weights, group, shift } = await setUp();
    const named = (name: string) => expect.objectContaining({ name });
    const modify = (Actions: unknown) => () => call('ModifyRule', { RuleArn: rule.ref, Actions });
    expect(() => shift(1000, 0)).toThrow(named('ValidationError'));
    expect(() => shift(0.5, 0)).toThrow(named('ValidationError'));
    expect(modify([])).toThrow(named('InvalidLoadBalancerActionException'));
    expect(modify([{ ...weights(1, 1)[0], TargetGroupArn: blue.ref }])).toThrow(
      named('InvalidLoadBalancerActionException'),
    );
    expect(modify([...weights(1, 1), ...weights(1, 1)])).toThrow(named('TooManyActionsException'));
    expect(modify([{ Type: 'authenticate-oidc' }])).toThrow(named('InvalidConfigurationRequestException'));
    const six = await Promise.all(['1', '2', '3', '4', '5', '6'].map((name) => group(name)));
    const tuples = six.map(({ ref }) => ({ TargetGroupArn: ref }));
    expect(modify([{ Type: 'forward', ForwardConfig: { TargetGroups: tuples } }])).toThrow(
      named('TooManyTargetGroupsException'),
    );
    expect(modify([{ Type: 'forward', TargetGroupArn: `${green.ref}0` }])).toThrow(
      named('TargetGroupNotFoundException'),
    );
    expect(() => call('ModifyRule', { RuleArn: `${rule.ref}0`, Actions: weights(1, 1) })).toThrow(
      named('RuleNotFoundException'),
    );
    const { TargetGroups } = call('DescribeRules', { RuleArns: [rule.ref] }).Rules[0].Actions[0]
      .ForwardConfig;
    expect(TargetGroups.map(({ Weight }: { Weight: number }) => Weight)).toEqual([100, 0]);
  });

  it('reaches the proxy only after the propagation delay', async () => {
    const clock = manualClock();
    const { ask, shift } = await cloud({ clock, propagationMs: 60_000 });
    clock.advance(60_000);
    await until('the first routes arrive', async () => (await ask()) === 'blue');
    shift(0, 100);
    clock.advance(59_999);
    expect(await ask()).toBe('blue');
    clock.advance(1);
    await until('the shift arrives', async () => (await ask()) === 'green');
  });

  it('cannot touch the default rule, which ModifyListener changes', async () => {
    const { call, listener, url, rule } = await setUp();
    const byDefault = call('DescribeRules', { ListenerArn: listener.ref }).Rules[1];
    expect(byDefault).toMatchObject({ Priority: 'default', IsDefault: true });
    const gone = [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '410' } }];
    const notPermitted = expect.objectContaining({ name: 'OperationNotPermittedException' });
    expect(() => call('ModifyRule', { RuleArn: byDefault.RuleArn, Actions: gone })).toThrow(notPermitted);
    expect(() => call('DeleteRule', { RuleArn: byDefault.RuleArn })).toThrow(notPermitted);
    call('ModifyListener', { ListenerArn: listener.ref, DefaultActions: gone });
    call('DeleteRule', { RuleArn: rule.ref });
    expect((await fetch(url)).status).toBe(410);
  });
});

describe('rules', () => {
  it('are tried by priority, and a taken priority is refused', async () => {
    const { call, listener, url, anyPath } = await setUp();
    const create = (Priority: number, Conditions: unknown, status: string) =>
      call('CreateRule', {
        ListenerArn: listener.ref,
        Priority,
        Conditions,
        Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: status } }],
      });
    create(
      5,
      [{ Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'X-Test', Values: ['green*'] } }],
      '201',
    );
    create(2, [{ Field: 'query-string', QueryStringConfig: { Values: [{ Key: 'v', Value: '2' }] } }], '202');
    create(3, [{ Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['DELETE'] } }], '203');
    create(4, [{ Field: 'host-header', HostHeaderConfig: { Values: ['*.example.com'] } }, ...anyPath], '205');
    create(6, [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/img/?.png'] } }], '206');
    expect(() => create(6, anyPath, '200')).toThrow(
      expect.objectContaining({ name: 'PriorityInUseException' }),
    );
    const regex = [{ Field: 'path-pattern', PathPatternConfig: { RegexValues: ['^/a$'] } }];
    expect(() => create(7, regex, '200')).toThrow('RegexValues, which are not served locally');
    expect(() => call('CreateRule', { ListenerArn: listener.ref, Priority: 7, Transforms: [{}] })).toThrow(
      'Transforms',
    );
    expect(() => create(7, [{ Field: 'weather' }], '200')).toThrow(
      expect.objectContaining({ name: 'ValidationError' }),
    );
    const status = async (path: string, init = {}) => (await fetch(url + path, init)).status;
    expect([
      await status('/', { headers: { 'x-test': 'Green-1' } }),
      await status('/?v=2', { headers: { 'x-test': 'green' } }),
      await status('/', { method: 'DELETE' }),
      await status('/img/1.png?x'),
      await status('/img/12.png'),
    ]).toEqual([201, 202, 203, 206, 503]);
    expect(
      call('DescribeRules', { ListenerArn: listener.ref }).Rules.map(
        ({ Priority }: { Priority: string }) => Priority,
      ),
    ).toEqual(['2', '3', '4', '5', '6', '10', 'default']);
  });

  it('change places, all at the same time, unless one is taken by a rule that is not named', async () => {
    const { call, listener, anyPath, weights, rule } = await setUp();
    const create = (Priority: number) =>
      call('CreateRule', {
        ...{ ListenerArn: listener.ref, Priority, Conditions: anyPath, Actions: weights(1, 0) },
      }).Rules[0].RuleArn;
    const other = create(20);
    create(30);
    const set = (...pairs: [string, number][]) =>
      call('SetRulePriorities', {
        RulePriorities: pairs.map(([RuleArn, Priority]) => ({ RuleArn, Priority })),
      });
    const order = () =>
      call('DescribeRules', { ListenerArn: listener.ref }).Rules.map(
        ({ RuleArn, Priority }: { RuleArn: string; Priority: string }) =>
          `${Priority} ${RuleArn === rule.ref ? 'first' : RuleArn === other ? 'second' : 'another'}`,
      );
    set([rule.ref, 20], [other, 10]);
    expect(order()).toEqual(['10 second', '20 first', '30 another', 'default another']);
    expect(() => set([rule.ref, 5], [other, 30])).toThrow(
      expect.objectContaining({ name: 'PriorityInUseException' }),
    );
    expect(order()).toEqual(['10 second', '20 first', '30 another', 'default another']);
    const { RuleArn } = call('DescribeRules', { ListenerArn: listener.ref }).Rules.at(-1);
    expect(() => set([RuleArn, 1])).toThrow(
      expect.objectContaining({ name: 'OperationNotPermittedException' }),
    );
  });

  it('keep the tags they were created with', async () => {
    const { call, listener, anyPath, weights } = await setUp();
    const { RuleArn } = call('CreateRule', {
      ListenerArn: listener.ref,
      Priority: 1,
      Conditions: anyPath,
      Actions: weights(1, 0),
      Tags: [{ Key: 'owner', Value: 'me' }],
    }).Rules[0];
    call('AddTags', { ResourceArns: [RuleArn], Tags: [{ Key: 'colour', Value: 'blue' }] });
    expect(call('DescribeTags', { ResourceArns: [RuleArn] }).TagDescriptions[0].Tags).toEqual([
      { Key: 'owner', Value: 'me' },
      { Key: 'colour', Value: 'blue' },
    ]);
  });
});

describe('target health', () => {
  it('is unused for a group that no rule names, and for a target that is not registered', async () => {
    const { call, other, blue } = await setUp();
    call('RegisterTargets', { TargetGroupArn: other.ref, Targets: [{ Id: '127.0.0.1' }] });
    const health = (arn: string, Targets?: unknown) =>
      call('DescribeTargetHealth', { TargetGroupArn: arn, Targets }).TargetHealthDescriptions;
    expect(health(other.ref)).toMatchObject([
      {
        Target: { Id: '127.0.0.1', Port: 8080 },
        TargetHealth: { State: 'unused', Reason: 'Target.NotInUse' },
      },
    ]);
    expect(health(blue.ref, [{ Id: '127.0.0.1', Port: 1 }])).toMatchObject([
      { TargetHealth: { State: 'unused', Reason: 'Target.NotRegistered' } },
    ]);
    expect(health(blue.ref)).toEqual([]);
  });

  it('is watched at weight 0, and no longer when the group leaves the rule', async () => {
    const { elb, call, rule, green, blue, b } = await cloud();
    expect(elb.health(green.ref, target(b))).toBe('healthy');
    expect(
      call('DescribeTargetGroups', { TargetGroupArns: [green.ref] }).TargetGroups[0].LoadBalancerArns,
    ).toHaveLength(1);
    call('ModifyRule', { RuleArn: rule.ref, Actions: [{ Type: 'forward', TargetGroupArn: blue.ref }] });
    expect(elb.health(green.ref, target(b))).toBe('unused');
    expect(
      call('DescribeTargetGroups', { TargetGroupArns: [green.ref] }).TargetGroups[0].LoadBalancerArns,
    ).toEqual([]);
  });

  it('is draining for the deregistration delay, and the target is then gone', async () => {
    const clock = manualClock();
    const { elb, call, blue, a } = await cloud({ clock });
    call('ModifyTargetGroupAttributes', {
      TargetGroupArn: blue.ref,
      Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '30' }],
    });
    expect(call('DescribeTargetGroupAttributes', { TargetGroupArn: blue.ref }).Attributes).toContainEqual({
      Key: 'deregistration_delay.timeout_seconds',
      Value: '30',
    });
    const gone = elb.deregister(blue.ref, target(a));
    expect(elb.health(blue.ref, target(a))).toBe('draining');
    clock.advance(30_000);
    await gone;
    expect(elb.health(blue.ref, target(a))).toBe('unused');
    expect(() =>
      call('DeregisterTargets', { TargetGroupArn: blue.ref, Targets: [{ Id: '127.0.0.1', Port: a.port }] }),
    ).toThrow(expect.objectContaining({ name: 'InvalidTargetException' }));
  });

  it('is never asked of another machine', async () => {
    const { call, blue } = await setUp();
    expect(() =>
      call('RegisterTargets', { TargetGroupArn: blue.ref, Targets: [{ Id: '10.0.0.7' }] }),
    ).toThrow("The target '10.0.0.7' is not valid");
  });
});

describe('metrics', () => {
  it('count exactly what went through, per load balancer and per target group', async () => {
    const clock = manualClock();
    const { cloudwatch, loadBalancer, blue, green, ask, shift, url, elb, a } = await cloud({ clock });
    const start = new Date(clock.now());
    for (let n = 0; n < 7; n++) await ask();
    shift(0, 1);
    for (let n = 0; n < 3; n++) await ask();
    shift(0, 0);
    expect((await fetch(url)).status).toBe(503);
    clock.advance(250);
    await until('the counts are published', () => sum('HTTPCode_ELB_5XX_Count') === 1);

    function statistic(name: string, Stat: string, targetGroup?: typeof blue): number | undefined {
      const Dimensions = [{ Name: 'LoadBalancer', Value: loadBalancer.attributes!.LoadBalancerFullName }];
      if (targetGroup)
        Dimensions.unshift({ Name: 'TargetGroup', Value: targetGroup.attributes!.TargetGroupFullName });
      const Metric = { Namespace: 'AWS/ApplicationELB', MetricName: name, Dimensions };
      return cloudwatch.operations.GetMetricData!(
        {
          StartTime: start,
          EndTime: new Date(clock.now() + 1),
          MetricDataQueries: [{ Id: 'q', MetricStat: { Metric, Period: 60, Stat } }],
        },
        caller,
      ).MetricDataResults[0].Values[0];
    }
    function sum(name: string, targetGroup?: typeof blue) {
      return statistic(name, 'Sum', targetGroup);
    }
    expect([sum('RequestCount'), sum('RequestCount', blue), sum('RequestCount', green)]).toEqual([10, 7, 3]);
    expect([sum('HTTPCode_Target_2XX_Count', blue), sum('HTTPCode_Target_5XX_Count', blue)]).toEqual([
      7,
      undefined,
    ]);
    expect(statistic('TargetResponseTime', 'SampleCount', green)).toBe(3);
    expect(statistic('TargetResponseTime', 'p99', green)).toBeLessThan(5);
    expect(sum('HTTPCode_ELB_5XX_Count', green)).toBeUndefined();
    expect(elb.health(blue.ref, target(a))).toBe('healthy');
  });
});

describe('what ELB refuses', () => {
  const GONE = 'arn:aws:elasticloadbalancing:eu-west-1:000000000000:';
  const cases: [string, string, object, string, string][] = [
    [
      'an unknown load balancer by name',
      'DescribeLoadBalancers',
      { Names: ['gone'] },
      'LoadBalancerNotFoundException',
      "'[gone]' not found",
    ],
    [
      'an unknown target group by name',
      'DescribeTargetGroups',
      { Names: ['stack-blue', 'gone'] },
      'TargetGroupNotFoundException',
      'One or more',
    ],
    [
      'an unknown load balancer',
      'DescribeListeners',
      { LoadBalancerArn: `${GONE}loadbalancer/app/gone/0123` },
      'LoadBalancerNotFoundException',
      'not found',
    ],
    [
      'what is no ARN of a load balancer',
      'DescribeLoadBalancers',
      { LoadBalancerArns: ['gone'] },
      'ValidationError',
      "'gone' is not a valid load balancer ARN",
    ],
    [
      'what is no ARN of a rule',
      'DeleteRule',
      { RuleArn: `${GONE}listener/app/gone/0/1` },
      'ValidationError',
      'is not a valid listener rule ARN',
    ],
    [
      'names and ARNs together',
      'DescribeTargetGroups',
      { Names: ['a'], TargetGroupArns: [] },
      'ValidationError',
      'cannot be specified at the same time',
    ],
    [
      'tags of what is not there',
      'DescribeTags',
      { ResourceArns: [`${GONE}targetgroup/gone/0`] },
      'TargetGroupNotFoundException',
      'not found',
    ],
    [
      'tags for what is not there',
      'AddTags',
      { ResourceArns: [`${GONE}targetgroup/gone/0`], Tags: [{ Key: 'a' }] },
      'TargetGroupNotFoundException',
      'not found',
    ],
    [
      'a target group with a name that is too long',
      'CreateTargetGroup',
      { Name: 'x'.repeat(33) },
      'ValidationError',
      "cannot be longer than '32' characters",
    ],
    [
      'a target group with an underscore',
      'CreateTargetGroup',
      { Name: 'a_b' },
      'ValidationError',
      'alphanumeric characters and hyphens',
    ],
    [
      'a target group that ends in a hyphen',
      'CreateTargetGroup',
      { Name: 'a-' },
      'ValidationError',
      'cannot begin or end with a hyphen',
    ],
  ];

  it.each(cases)('%s', async (_, operation, input, name, message) => {
    const { call } = await setUp();
    expect(() => call(operation, input)).toThrow(
      expect.objectContaining({ name, message: expect.stringContaining(message) }),
    );
  });

  it('leaves nothing half done: no tag is added when one resource is not there', async () => {
    const { call, blue } = await setUp();
    const ResourceArns = [blue.ref, `${GONE}targetgroup/gone/0`];
    expect(() => call('AddTags', { ResourceArns, Tags: [{ Key: 'a', Value: 'b' }] })).toThrow('not found');
    const { TagDescriptions } = call('DescribeTags', { ResourceArns: [blue.ref] });
    expect(JSON.stringify(TagDescriptions)).not.toContain('"a"');
  });
});
