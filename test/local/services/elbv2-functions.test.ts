import http from 'node:http';
import type { Invocation } from '../../../local/service';
import { createCloudWatch } from '../../../local/services/cloudwatch';
import { createElbv2 } from '../../../local/services/elbv2';
import { manualClock } from '../manual-clock';
import { startOrigin, until } from '../proxy/origin';

const caller = { accessKeyId: 'test' };
const PAGE = 'arn:aws:lambda:eu-west-1:000000000000:function:page';
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A load balancer that forwards everything to a function's group (weight 1) and to one of addresses (weight 0). */
async function setUp(answer: () => Invocation | Promise<Invocation>, attributes: unknown[] = []) {
  const clock = manualClock();
  const events: unknown[] = [];
  const functions = {
    invoke: async (arn: string, event: unknown) => {
      expect(arn).toBe(PAGE);
      events.push(event);
      return answer();
    },
  };
  const cloudwatch = createCloudWatch({ clock });
  const elb = createElbv2({ clock, metrics: cloudwatch, functions });
  closers.push(() => elb.close!());
  // biome-ignore lint/suspicious/noExplicitAny: outputs differ per operation
  const call = (operation: string, input: unknown): any => elb.operations[operation]!(input, caller);
  const make = (type: string, name: string, properties: unknown) =>
    elb.resources![`AWS::ElasticLoadBalancingV2::${type}`]!(properties, {
      logicalId: name,
      name,
      metadata: {},
    });
  const page = await make('TargetGroup', 'page', {
    TargetType: 'lambda',
    Targets: [{ Id: PAGE }],
    TargetGroupAttributes: attributes,
  });
  const blue = await make('TargetGroup', 'blue', { TargetType: 'ip', HealthCheckEnabled: 'false' });
  const origin = await startOrigin('blue');
  closers.push(origin.close);
  call('RegisterTargets', { TargetGroupArn: blue.ref, Targets: [{ Id: '127.0.0.1', Port: origin.port }] });
  const loadBalancer = await make('LoadBalancer', 'lb', {});
  const weights = (ofPage: number, ofBlue: number) => ({
    Type: 'forward',
    ForwardConfig: {
      TargetGroups: [
        { TargetGroupArn: page.ref, Weight: ofPage },
        { TargetGroupArn: blue.ref, Weight: ofBlue },
      ],
    },
  });
  const { ref } = await make('Listener', 'listener', {
    LoadBalancerArn: loadBalancer.ref,
    DefaultActions: [weights(1, 0)],
  });
  const url = `http://127.0.0.1:${call('DescribeListeners', { ListenerArns: [ref] }).Listeners[0].Port}`;
  const shift = (ofPage: number, ofBlue: number) =>
    call('ModifyListener', { ListenerArn: ref, DefaultActions: [weights(ofPage, ofBlue)] });
  const sum = (name: string, group?: typeof page): number | undefined => {
    const Dimensions = [{ Name: 'LoadBalancer', Value: loadBalancer.attributes!.LoadBalancerFullName! }];
    if (group) Dimensions.push({ Name: 'TargetGroup', Value: group.attributes!.TargetGroupFullName! });
    const Metric = { Namespace: 'AWS/ApplicationELB', MetricName: name, Dimensions };
    return cloudwatch.operations.GetMetricData!(
      {
        StartTime: new Date(0),
        EndTime: new Date(clock.now() + 1),
        MetricDataQueries: [{ Id: 'q', MetricStat: { Metric, Period: 60, Stat: 'Sum' } }],
      },
      caller,
    ).MetricDataResults[0].Values[0];
  };
  return { clock, elb, call, make, page, blue, url, shift, sum, events };
}

const maintenance = () => ({
  payload: {
    statusCode: 503,
    statusDescription: '503 Down for a moment',
    headers: { 'Retry-After': '120', 'content-type': 'text/html' },
    body: '<p>back soon</p>',
    isBase64Encoded: false,
  },
});

describe('a target group of type lambda', () => {
  it('answers with the status, phrase, headers and body that its function gives', async () => {
    const { url } = await setUp(maintenance);
    const response = await fetch(`${url}/orders`);
    expect([response.status, response.statusText]).toEqual([503, 'Down for a moment']);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'retry-after': '120',
      'content-type': 'text/html',
    });
    expect(await response.text()).toBe('<p>back soon</p>');
  });

  it('tells its function the request as a load balancer does', async () => {
    const { url, events, page } = await setUp(maintenance);
    await fetch(`${url}/a%20b?x=1&x=2%263&y`, {
      method: 'POST',
      body: '{"n":1}',
      headers: { 'content-type': 'application/json', 'X-Own': 'Yes' },
    });
    expect(events[0]).toMatchObject({
      requestContext: { elb: { targetGroupArn: page.ref } },
      httpMethod: 'POST',
      path: '/a%20b',
      queryStringParameters: { x: '2%263', y: '' },
      headers: { 'x-own': 'Yes', 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' },
      body: '{"n":1}',
      isBase64Encoded: false,
    });
  });

  it('hands over bytes as base64, and takes them so', async () => {
    const bytes = Buffer.from([0, 255, 10]);
    const { url, events } = await setUp(() => ({
      payload: { statusCode: 200, body: bytes.toString('base64'), isBase64Encoded: true },
    }));
    const response = await fetch(url, { method: 'PUT', body: bytes });
    expect(events[0]).toMatchObject({ body: 'AP8K', isBase64Encoded: true });
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
  });

  it('gives and takes every value of a repeated header when it is told to', async () => {
    const { url, events } = await setUp(
      () => ({ payload: { statusCode: 200, multiValueHeaders: { 'set-cookie': ['a=1', 'b=2'] } } }),
      [{ Key: 'lambda.multi_value_headers.enabled', Value: 'true' }],
    );
    const cookies = await new Promise((resolve) => {
      http.get(`${url}/?x=1&x=2`, { headers: { 'x-own': ['1', '2'] } }, (response) =>
        resolve(response.resume().headers['set-cookie']),
      );
    });
    expect(cookies).toEqual(['a=1', 'b=2']);
    expect(events[0]).toMatchObject({
      multiValueQueryStringParameters: { x: ['1', '2'] },
      multiValueHeaders: { 'x-own': ['1', '2'] },
    });
    expect(events[0]).not.toHaveProperty('headers');
  });

  it.each([
    ['throws', { error: { errorType: 'Error', errorMessage: 'no' } }],
    ['answers with text', { payload: 'hello' }],
    ['gives no status', { payload: { body: 'hello' } }],
    ['gives the status as text', { payload: { statusCode: '200' } }],
    ['gives a header that is no text', { payload: { statusCode: 200, headers: { 'retry-after': 120 } } }],
    ['gives a header that breaks the line', { payload: { statusCode: 200, headers: { a: 'b\r\nc: d' } } }],
    ['answers more than 1 MB', { payload: { statusCode: 200, body: 'x'.repeat(1024 * 1024) } }],
  ])('answers 502 when its function %s, and counts a fault of the function', async (_, invocation) => {
    const { url, sum, page, clock } = await setUp(() => invocation);
    expect((await fetch(url)).status).toBe(502);
    clock.advance(250);
    await until('it is counted', () => sum('LambdaUserError', page) === 1);
    expect([sum('RequestCount', page), sum('HTTPCode_ELB_5XX_Count')]).toEqual([1, 1]);
  });

  it('answers 502 when its function cannot be asked, 413 to more than 1 MB, and 503 when no function is registered', async () => {
    const { url, call, page } = await setUp(() => Promise.reject(new Error('Rate Exceeded.')));
    expect((await fetch(url)).status).toBe(502);
    expect((await fetch(url, { method: 'POST', body: 'x'.repeat(1024 * 1024 + 1) })).status).toBe(413);
    call('DeregisterTargets', { TargetGroupArn: page.ref, Targets: [{ Id: PAGE }] });
    expect((await fetch(url)).status).toBe(503);
  });

  it('shares a forward with a group of addresses, and each is counted for itself', async () => {
    const { url, shift, sum, page, blue, clock, events } = await setUp(maintenance);
    expect((await fetch(url)).status).toBe(503);
    shift(0, 1);
    expect(await (await fetch(url)).text()).toBe('blue');
    shift(1, 0);
    expect((await fetch(url)).status).toBe(503);
    expect(events).toHaveLength(2);
    clock.advance(250);
    await until('all is counted', () => sum('RequestCount') === 3);
    expect([sum('RequestCount', page), sum('RequestCount', blue)]).toEqual([2, 1]);
    expect([sum('HTTPCode_Target_5XX_Count', page), sum('HTTPCode_Target_2XX_Count', blue)]).toEqual([2, 1]);
    expect([sum('HTTPCode_ELB_5XX_Count'), sum('HealthyHostCount', page)]).toEqual([undefined, undefined]);
  });

  it('has one function, no port, and no health but that it is not checked', async () => {
    const { call, page, make } = await setUp(maintenance);
    const health = (Targets?: unknown) =>
      call('DescribeTargetHealth', { TargetGroupArn: page.ref, Targets }).TargetHealthDescriptions;
    expect(health()).toMatchObject([
      { Target: { Id: PAGE }, TargetHealth: { State: 'unavailable', Reason: 'Target.HealthCheckDisabled' } },
    ]);
    expect(health([{ Id: `${PAGE}2` }])).toMatchObject([
      { TargetHealth: { Reason: 'Target.NotRegistered' } },
    ]);
    const register = (target: object) => () =>
      call('RegisterTargets', { TargetGroupArn: page.ref, Targets: [target] });
    expect(register({ Id: `${PAGE}2` })).toThrow(
      expect.objectContaining({ name: 'TooManyTargetsException' }),
    );
    expect(register({ Id: PAGE, Port: 80 })).toThrow('leave Port out');
    expect(register({ Id: '127.0.0.1' })).toThrow("takes a function's ARN");
    expect(() => make('TargetGroup', 'ported', { TargetType: 'lambda', Port: 80 })).toThrow(
      "Port cannot be specified for target groups with target type 'lambda'",
    );
  });

  it('can be created, filled and deleted through the API, but not while a rule names it', async () => {
    const { call, page } = await setUp(maintenance);
    const [made] = call('CreateTargetGroup', { Name: 'second', TargetType: 'lambda' }).TargetGroups;
    expect(made).toMatchObject({ TargetGroupName: 'second', TargetType: 'lambda', LoadBalancerArns: [] });
    call('RegisterTargets', { TargetGroupArn: made.TargetGroupArn, Targets: [{ Id: PAGE }] });
    expect(call('DescribeTargetHealth', { TargetGroupArn: made.TargetGroupArn })).toMatchObject({
      TargetHealthDescriptions: [{ TargetHealth: { State: 'unused', Reason: 'Target.NotInUse' } }],
    });
    expect(() => call('CreateTargetGroup', { Name: 'second', TargetType: 'ip' })).toThrow(
      expect.objectContaining({ name: 'DuplicateTargetGroupNameException' }),
    );
    await call('DeleteTargetGroup', { TargetGroupArn: made.TargetGroupArn });
    expect(() => call('DescribeTargetGroups', { Names: ['second'] })).toThrow(
      expect.objectContaining({ name: 'TargetGroupNotFoundException' }),
    );
    await expect(call('DeleteTargetGroup', { TargetGroupArn: page.ref })).rejects.toMatchObject({
      name: 'ResourceInUseException',
    });
  });
});
