import { createCloudWatch } from '../../../local/services/cloudwatch';
import { manualClock } from '../manual-clock';

const caller = { accessKeyId: 'test' };
const START = Date.parse('2026-01-01T00:00:00Z');

function setUp() {
  const clock = manualClock(START);
  const cloudwatch = createCloudWatch({ clock });
  // biome-ignore lint/suspicious/noExplicitAny: outputs differ per operation
  const call = (operation: string, input: unknown): any => cloudwatch.operations[operation]!(input, caller);
  const record = (value: number, dimensions: Record<string, string> = {}) =>
    cloudwatch.record({ namespace: 'Shop', name: 'Latency', dimensions, value });
  const query = (
    Stat: string,
    from: number,
    to: number,
    { Period = 60, ...more }: Record<string, unknown> = {},
  ) =>
    call('GetMetricData', {
      StartTime: new Date(START + from * 1_000),
      EndTime: new Date(START + to * 1_000),
      MetricDataQueries: [
        {
          Id: 'q',
          MetricStat: { Metric: { Namespace: 'Shop', MetricName: 'Latency', Dimensions: [] }, Period, Stat },
        },
      ],
      ...more,
    }).MetricDataResults[0];
  return { clock, cloudwatch, call, record, query };
}

describe('GetMetricData', () => {
  it('gives every statistic of the samples', () => {
    const { record, query } = setUp();
    for (const value of [3, 1, 2, 10]) record(value);
    const statistic = (name: string) => query(name, 0, 60).Values[0];
    expect(['Sum', 'Average', 'SampleCount', 'Minimum', 'Maximum'].map(statistic)).toEqual([16, 4, 4, 1, 10]);
  });

  it('gives percentiles by nearest rank, weighted by how often a value was seen', () => {
    const { cloudwatch, query } = setUp();
    const sample = { namespace: 'Shop', name: 'Latency', dimensions: {}, value: 0 };
    cloudwatch.record({ ...sample, values: [5, 100, 1], counts: [49, 1, 50] });
    expect(['p1', 'p50', 'p51', 'p99', 'p99.5', 'p100'].map((name) => query(name, 0, 60).Values[0])).toEqual([
      1, 1, 5, 5, 100, 100,
    ]);
  });

  it('counts the samples of its window from the full minute on, or from the full period of some seconds, to the end', () => {
    const { clock, record, query } = setUp();
    for (let second = 0; second < 60; second += 10) {
      record(1);
      clock.advance(10_000);
    }
    expect(query('Sum', 10, 40).Values).toEqual([4]);
    expect(query('Sum', 59, 60).Values).toEqual([6]);
    expect(query('Sum', 11, 40, { Period: 30 }).Values).toEqual([1, 3]);
    expect(query('Sum', 11, 40, { Period: 1 }).Values).toEqual([1, 1]);
    expect(query('Sum', 60, 120).Values).toEqual([]);
  });

  it('divides a window into periods that begin on the full minute, newest first unless asked otherwise', () => {
    const { clock, record, query } = setUp();
    clock.advance(50_000);
    record(1);
    clock.advance(20_000);
    record(2);
    record(3);
    const minutes = [new Date(START), new Date(START + 60_000)];
    expect(query('Sum', 45, 80)).toMatchObject({
      Timestamps: minutes.toReversed(),
      Values: [5, 1],
      StatusCode: 'Complete',
    });
    expect(query('Sum', 45, 80, { ScanBy: 'TimestampAscending' }).Timestamps).toEqual(minutes);
  });

  it('keeps metrics of other dimensions apart', () => {
    const { record, query, call } = setUp();
    record(1, { TargetGroup: 'blue' });
    expect(query('Sum', 0, 60).Values).toEqual([]);
    const names = (Dimensions: unknown) =>
      call('ListMetrics', { Namespace: 'Shop', Dimensions }).Metrics.length;
    expect([names([{ Name: 'TargetGroup' }]), names([{ Name: 'TargetGroup', Value: 'green' }])]).toEqual([
      1, 0,
    ]);
  });

  it('refuses metric math, unknown statistics, odd periods and empty windows', () => {
    const { query, call } = setUp();
    const now = { StartTime: new Date(START), EndTime: new Date(START + 1) };
    expect(() =>
      call('GetMetricData', { ...now, MetricDataQueries: [{ Id: 'e', Expression: 'a/b' }] }),
    ).toThrow('Query e is a metric math expression');
    expect(() => query('Median', 0, 60)).toThrow('Median');
    expect(() => query('Sum', 0, 60, { Period: 45 })).toThrow('Period');
    expect(() => query('Sum', 60, 60)).toThrow(expect.objectContaining({ name: 'ValidationError' }));
  });
});

it('GetMetricStatistics gives the asked statistics per period', () => {
  const { record, call } = setUp();
  for (const value of [1, 3]) record(value);
  const input = {
    Namespace: 'Shop',
    MetricName: 'Latency',
    StartTime: new Date(START),
    EndTime: new Date(START + 60_000),
    Period: 60,
  };
  expect(call('GetMetricStatistics', { ...input, Statistics: ['Sum', 'Average'] }).Datapoints).toEqual([
    { Timestamp: new Date(START), Unit: 'None', Sum: 4, Average: 2 },
  ]);
  expect(
    call('GetMetricStatistics', { ...input, ExtendedStatistics: ['p90'] }).Datapoints[0].ExtendedStatistics,
  ).toEqual({ p90: 3 });
  expect(() => call('GetMetricStatistics', input)).toThrow(
    expect.objectContaining({ name: 'InvalidParameterCombinationException' }),
  );
});

it('PutMetricData takes values with counts and a time of their own, but no AWS namespace', () => {
  const { call, query } = setUp();
  const datum = {
    MetricName: 'Latency',
    Values: [2, 4],
    Counts: [3, 1],
    Timestamp: new Date(START + 90_000),
  };
  call('PutMetricData', { Namespace: 'Shop', MetricData: [datum] });
  expect([query('Sum', 60, 120).Values, query('SampleCount', 60, 120).Values]).toEqual([[10], [4]]);
  expect(() => call('PutMetricData', { Namespace: 'AWS/ApplicationELB', MetricData: [datum] })).toThrow(
    'Namespace',
  );
  expect(() => call('PutMetricData', { Namespace: 'Shop', MetricData: [{ MetricName: 'x' }] })).toThrow(
    'has no value',
  );
});

it('forgets the oldest samples first, so that its memory stays bounded', () => {
  const { clock, record, query } = setUp();
  for (let n = 0; n < 50_000; n++) {
    record(1);
    clock.advance(1);
  }
  const kept = query('SampleCount', 0, 60).Values[0];
  expect(kept).toBeGreaterThanOrEqual(20_000);
  expect(kept).toBeLessThanOrEqual(22_000);
  expect(query('SampleCount', 49, 60, { Period: 1 }).Values[0]).toBe(1_000);
});

it('remembers the newest samples with their own values and counts when it forgets the oldest', () => {
  const { clock, cloudwatch, query } = setUp();
  const sample = { namespace: 'Shop', name: 'Latency', dimensions: {}, value: 0 };
  for (let n = 0; n < 30_000; n++) {
    cloudwatch.record({ ...sample, values: n % 2 === 0 ? [n] : [n, 1], counts: n % 2 === 0 ? [3] : [1, 2] });
    clock.advance(1);
  }
  const last = (statistic: string) => query(statistic, 29.998, 30, { Period: 1 }).Values[0];
  expect(['Sum', 'SampleCount', 'Minimum', 'Maximum'].map(last)).toEqual([
    3 * 29_998 + 29_999 + 2,
    6,
    1,
    29_999,
  ]);
});

it('makes the alarms and dashboards of a template', async () => {
  const { cloudwatch, call } = setUp();
  const make = (type: string, properties: unknown) =>
    cloudwatch.resources![`AWS::CloudWatch::${type}`]!(properties, {
      logicalId: 'A',
      name: 'stack-A',
      metadata: {},
    });
  const alarm = {
    Namespace: 'Shop',
    MetricName: 'x',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanThreshold',
  };
  expect(make('Alarm', alarm)).toEqual({
    ref: 'stack-A',
    attributes: { Arn: 'arn:aws:cloudwatch:eu-west-1:000000000000:alarm:stack-A' },
  });
  expect(call('DescribeAlarms', { AlarmNames: ['stack-A'] }).MetricAlarms).toMatchObject([
    { AlarmName: 'stack-A', StateValue: 'INSUFFICIENT_DATA', Threshold: 1 },
  ]);
  expect(call('DescribeAlarms', { AlarmNames: ['other'] }).MetricAlarms).toEqual([]);
  make('Dashboard', { DashboardName: 'd', DashboardBody: '{"widgets":[]}' });
  expect(call('GetDashboard', { DashboardName: 'd' }).DashboardBody).toBe('{"widgets":[]}');
  await cloudwatch.close?.();
});

it.each([
  ['one value and several', { Value: 1, Values: [1] }, 'exclude each other'],
  ['what is no number', { Value: Number.NaN }, 'is no number'],
  ['another resolution', { Value: 1, StorageResolution: 30 }, 'must be 1 or 60'],
  ['a time of last month', { Value: 1, Timestamp: new Date(START - 30 * 86_400_000) }, 'two weeks ago'],
  ['a time of tomorrow', { Value: 1, Timestamp: new Date(START + 86_400_000) }, 'two hours ahead'],
])('PutMetricData refuses %s', (_, datum, message) => {
  const { call } = setUp();
  expect(() =>
    call('PutMetricData', { Namespace: 'Shop', MetricData: [{ MetricName: 'm', ...datum }] }),
  ).toThrow(message);
  expect(call('ListMetrics', {}).Metrics).toEqual([]);
});

it('refuses ids that are none, too many datapoints and a dashboard that is not there', () => {
  const { call } = setUp();
  const [StartTime, EndTime] = [new Date(START), new Date(START + 1_441 * 60_000)];
  expect(() => call('GetMetricData', { StartTime, EndTime, MetricDataQueries: [{ Id: 'Q' }] })).toThrow(
    'The value Q for parameter Id is invalid.',
  );
  const statistics = {
    Namespace: 'Shop',
    MetricName: 'm',
    StartTime,
    EndTime,
    Period: 60,
    Statistics: ['Sum'],
  };
  expect(() => call('GetMetricStatistics', statistics)).toThrow('up to 1441 datapoints');
  expect(() => call('GetDashboard', { DashboardName: 'gone' })).toThrow(
    expect.objectContaining({ name: 'DashboardNotFoundError' }),
  );
});
