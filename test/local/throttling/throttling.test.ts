import { AWS_QUOTAS, createThrottling } from '../../../local/throttling';
import { TokenBucket } from '../../../local/throttling/bucket';
import { endpointWith, refusal, send } from '../endpoint/fixture';
import { manualClock } from '../manual-clock';

/** How many of `requests` at one time a bucket admits. */
const admitted = (bucket: TokenBucket, requests: number, now: number) =>
  Array.from({ length: requests }, () => {
    const has = bucket.has(now);
    if (has) bucket.take();
    return has;
  }).filter(Boolean).length;

describe('a token bucket', () => {
  test.each([
    { after: 0, admits: 0, because: 'nothing has come back' },
    { after: 0.5, admits: 2, because: 'half a second brings half of four' },
    { after: 0.6, admits: 2, because: 'a part of a token is none' },
    { after: 3, admits: 12, because: 'tokens gather while nobody asks' },
    { after: 3600, admits: 20, because: 'it holds no more than its burst' },
  ])('of 20 with 4 a second admits $admits $after s after it was emptied: $because', ({ after, admits }) => {
    const bucket = new TokenBucket(20, 4);
    expect(admitted(bucket, 25, 1_000_000)).toBe(20);
    expect(admitted(bucket, 25, 1_000_000 + after * 1000)).toBe(admits);
  });

  test('gives its rate for ever, however often it is asked', () => {
    const bucket = new TokenBucket(20, 1);
    let given = 0;
    for (let ms = 0; ms <= 600_000; ms += 50) given += admitted(bucket, 1, ms);
    expect(given).toBe(620);
  });
});

describe('the throttling of an account', () => {
  const modify = { service: 'elasticloadbalancing', operation: 'ModifyRule' };
  const describeRules = { service: 'elasticloadbalancing', operation: 'DescribeRules' };
  const times = (count: number, call: () => boolean) =>
    Array.from({ length: count }, call).filter(Boolean).length;

  test('a call needs a token of every bucket that concerns it, and costs nothing when it is refused', () => {
    const throttling = createThrottling('aws');
    expect(times(30, () => throttling.admits(modify, 0))).toBe(20);
    // the ten that were refused took nothing from the bucket of all the load balancer's actions
    expect(times(30, () => throttling.admits(describeRules, 0))).toBe(20);
    expect(Object.fromEntries(throttling.refused())).toEqual({
      'elasticloadbalancing:ModifyRule': 10,
      'elasticloadbalancing:DescribeRules': 10,
    });
  });

  test('operations that no quota names are not limited', () => {
    const throttling = createThrottling('aws');
    expect(times(5000, () => throttling.admits({ service: 'ecr', operation: 'DescribeImages' }, 0))).toBe(
      5000,
    );
  });

  test('each quota is a rate, and no operation is in two buckets of the same service by mistake', () => {
    for (const { burst, perSecond } of AWS_QUOTAS) {
      expect(perSecond).toBeGreaterThan(0);
      expect(burst).toBeGreaterThanOrEqual(perSecond);
    }
    const named = AWS_QUOTAS.flatMap(({ service, operations = [] }) =>
      operations.map((operation) => `${service}:${operation}`),
    );
    expect(new Set(named).size).toBe(named.length);
  });

  test('a client is told as AWS tells it, has no effect then, and gets through once cloud time has passed', async () => {
    const clock = manualClock();
    let registered = 0;
    const handlers = {
      ecs: { RegisterTaskDefinition: () => ({ taskDefinition: { revision: ++registered } }) },
    };
    const throttling = createThrottling('aws');
    const { endpoint } = await endpointWith(handlers, { throttling, clock });
    const register = (options = {}) =>
      send(
        endpoint.url,
        ['ecs', 'RegisterTaskDefinition'],
        { family: 'shop', containerDefinitions: [] },
        options,
      );
    for (let call = 0; call < 20; call++) await register();
    expect(await refusal(register())).toMatchObject({
      name: 'ThrottlingException',
      message: 'Rate exceeded',
      status: 400,
    });
    expect(registered).toBe(20);
    clock.advance(1000);
    await register();
    expect(registered).toBe(21);
  });
});
