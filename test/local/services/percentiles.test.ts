import { type Clock, scaledClock } from '../../../local/clock';
import { createCloudWatch } from '../../../local/services/cloudwatch';
import { createElbv2 } from '../../../local/services/elbv2';
import { startOrigin, until } from '../proxy/origin';

const SPEED = 20;
const CLIENTS = 10;
const REQUESTS_PER_CLIENT = 60;
/** Every tenth answer is slow: the 90th percentile is the last quick one, the 99th a slow one. */
const delayMs = (request: number) => (request % 10 === 9 ? 80 : 4);
const PERIODS = [1, 5, 10, 30, 60];
/** An hour holds the whole load, however slow the machine is. */
const HOUR = 3_600;

const caller = { accessKeyId: 'test' };
const noFunctions = { invoke: () => Promise.reject(new Error('there is no function here')) };

/** A clock whose time begins seven seconds into an hour. */
function clockOfOwn(): Clock {
  const scaled = scaledClock(SPEED);
  const shift = Date.UTC(2026, 0, 1, 12, 0, 7) - scaled.now();
  return { ...scaled, now: () => scaled.now() + shift };
}

const clock = clockOfOwn();
const cloudwatch = createCloudWatch({ clock });
const elb = createElbv2({ clock, metrics: cloudwatch, functions: noFunctions });
const closers: (() => Promise<void>)[] = [() => elb.close!()];
afterAll(async () => {
  for (const close of closers) await close();
});

const make = (type: string, properties: object) =>
  elb.resources![`AWS::ElasticLoadBalancingV2::${type}`]!(properties, {
    logicalId: type,
    name: `${type}-${(properties as { Name?: string }).Name ?? 'x'}`,
    metadata: {},
  });

/** The metric's values by the start of their period, in ms. */
function values(dimensions: Record<string, string>, Stat: string, Period: number): Map<number, number> {
  const Metric = {
    Namespace: 'AWS/ApplicationELB',
    MetricName: 'TargetResponseTime',
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  };
  const { MetricDataResults } = cloudwatch.operations.GetMetricData!(
    {
      StartTime: new Date(Date.UTC(2026, 0, 1, 12)),
      EndTime: new Date(clock.now() + 1),
      ScanBy: 'TimestampAscending',
      MetricDataQueries: [{ Id: 'q', MetricStat: { Metric, Period, Stat } }],
    },
    caller,
  );
  const [{ Timestamps, Values }] = MetricDataResults;
  return new Map(Timestamps.map((at: Date, n: number) => [at.getTime(), Values[n]]));
}

/** Nearest rank, as CloudWatch's percentiles are here. */
const rank = (sorted: number[], percent: number) => sorted[Math.ceil((percent / 100) * sorted.length) - 1]!;

it('gives the response times that clients saw as percentiles per target group, one per period with samples', async () => {
  let asked = 0;
  const origin = await startOrigin('blue', (_request, response) => {
    setTimeout(() => response.end('blue'), delayMs(asked++));
  });
  const idle = await startOrigin('green');
  closers.push(origin.close, idle.close);
  const [blue, green, loadBalancer] = [
    await make('TargetGroup', { Name: 'blue', TargetType: 'ip', HealthCheckEnabled: false }),
    await make('TargetGroup', { Name: 'green', TargetType: 'ip', HealthCheckEnabled: false }),
    await make('LoadBalancer', { Name: 'lb' }),
  ];
  elb.register(blue.ref, { id: '127.0.0.1', port: origin.port });
  elb.register(green.ref, { id: '127.0.0.1', port: idle.port });
  const TargetGroups = [
    { TargetGroupArn: blue.ref, Weight: 1 },
    { TargetGroupArn: green.ref, Weight: 0 },
  ];
  const listener = await make('Listener', {
    LoadBalancerArn: loadBalancer.ref,
    DefaultActions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }],
  });
  const { Listeners } = elb.operations.DescribeListeners!({ ListenerArns: [listener.ref] }, caller);
  const url = `http://127.0.0.1:${Listeners[0].Port}`;

  const seen: number[] = [];
  const client = async () => {
    for (let n = 0; n < REQUESTS_PER_CLIENT; n++) {
      const started = performance.now();
      const response = await fetch(url);
      seen.push((performance.now() - started) / 1_000);
      await response.text();
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));

  const LoadBalancer = loadBalancer.attributes!.LoadBalancerFullName!;
  const ofBlue = { LoadBalancer, TargetGroup: blue.attributes!.TargetGroupFullName! };
  const ofGreen = { LoadBalancer, TargetGroup: green.attributes!.TargetGroupFullName! };
  const total = CLIENTS * REQUESTS_PER_CLIENT;
  const counted = (Period: number) => values(ofBlue, 'SampleCount', Period);
  await until('everything is published', () => [...counted(HOUR).values()][0] === total);

  seen.sort((a, b) => a - b);
  // the load balancer's time is within the client's and cannot be below the target's; times are kept to one percent
  for (const [percent, least] of [
    [50, 0.004],
    [90, 0.004],
    [99, 0.08],
  ] as const) {
    const [value] = values(ofBlue, `p${percent}`, HOUR).values();
    expect(value).toBeGreaterThanOrEqual((least - 0.001) * 0.99);
    expect(value).toBeLessThanOrEqual(rank(seen, percent) * 1.01);
  }

  for (const period of PERIODS) {
    const counts = counted(period);
    expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(total);
    expect([...counts.keys()].every((at) => at % (period * 1_000) === 0)).toBe(true);
    const [p50, p90, p99] = ['p50', 'p90', 'p99'].map((stat) => values(ofBlue, stat, period));
    for (const percentiles of [p50, p90, p99]) expect([...percentiles!.keys()]).toEqual([...counts.keys()]);
    for (const at of counts.keys())
      expect(p50!.get(at)! <= p90!.get(at)! && p90!.get(at)! <= p99!.get(at)!).toBe(true);
    expect(values(ofGreen, 'p99', period).size).toBe(0);
  }
  expect(counted(1).size).toBeGreaterThan(counted(10).size);
});
