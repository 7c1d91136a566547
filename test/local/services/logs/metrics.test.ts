import { scaledClock } from '../../../../local/clock';
import { createCloudWatch } from '../../../../local/services/cloudwatch';
import { createLogs } from '../../../../local/services/logs';

// biome-ignore lint/suspicious/noExplicitAny: operations are called as the endpoint calls them
type Call = (input: any) => any;

function start() {
  const clock = scaledClock();
  const cloudwatch = createCloudWatch({ clock });
  const logs = createLogs({ clock, metrics: cloudwatch });
  const call = (name: string): Call =>
    (cloudwatch.operations[name] ?? logs.operations[name]) as unknown as Call;
  /** Names of the metrics with their dimensions and their sums. */
  const metrics = () =>
    call('ListMetrics')({}).Metrics.map(
      // biome-ignore lint/suspicious/noExplicitAny: as the endpoint answers
      ({ Namespace, MetricName, Dimensions }: any) => {
        const [from, to] = [clock.now() - 600_000, clock.now() + 600_000];
        const { Datapoints } = call('GetMetricStatistics')({
          ...{ Namespace, MetricName, Dimensions, Period: 3600, Statistics: ['Sum'] },
          ...{ StartTime: new Date(from), EndTime: new Date(to) },
        });
        const where = Dimensions.map(({ Name, Value }: Record<string, string>) => `${Name}=${Value}`);
        const sum = Datapoints.reduce((all: number, { Sum }: { Sum: number }) => all + Sum, 0);
        return [[MetricName, ...where].join(' '), sum];
      },
    );
  return { clock, logs, call, metrics };
}

const line = (now: number, members: object, metric: object = {}) =>
  JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        {
          Namespace: 'Shop',
          Dimensions: [[], ['Service']],
          Metrics: [{ Name: 'Lost', Unit: 'Count' }],
          ...metric,
        },
      ],
    },
    ...members,
  });

describe('lines in the embedded metric format', () => {
  it('become metrics of each set of dimensions', () => {
    const { clock, logs, metrics } = start();
    logs.write('/app', 's', line(clock.now(), { Lost: 2, Service: 'shop' }));
    logs.write('/app', 's', line(clock.now(), { Lost: [3, 4], Service: 'shop' }));
    expect(metrics()).toEqual([
      ['Lost', 9],
      ['Lost Service=shop', 9],
    ]);
  });

  it('become metrics when they are put as well', () => {
    const { clock, call, metrics } = start();
    call('CreateLogGroup')({ logGroupName: '/app' });
    call('CreateLogStream')({ logGroupName: '/app', logStreamName: 's' });
    const message = line(clock.now(), { Lost: 1, Service: 'shop' });
    call('PutLogEvents')({
      ...{ logGroupName: '/app', logStreamName: 's', logEvents: [{ timestamp: clock.now(), message }] },
    });
    expect(metrics()).toContainEqual(['Lost Service=shop', 1]);
  });

  it.each<[string, (now: number) => string]>([
    ['a line with something before the document', (now) => `INFO ${line(now, { Lost: 1, Service: 'shop' })}`],
    ['a document without the value', (now) => line(now, { Service: 'shop' })],
    ['a document without a namespace', (now) => line(now, { Lost: 1 }, { Namespace: '' })],
    ['a line that only names it', () => '{"message":"\\"_aws\\""}'],
    ['a value that is no number', (now) => line(now, { Lost: '1', Service: 'shop' })],
  ])('%s becomes none', (_, text) => {
    const { clock, logs, metrics } = start();
    logs.write('/app', 's', text(clock.now()));
    expect(metrics()).toEqual([]);
  });

  it('have no metric of a dimension that is missing, and those of the others', () => {
    const { clock, logs, metrics } = start();
    logs.write('/app', 's', line(clock.now(), { Lost: 1 }));
    expect(metrics()).toEqual([['Lost', 1]]);
  });
});

describe('a metric filter', () => {
  const declared = (transformation: object) => {
    const { logs, metrics } = start();
    const context = { metadata: {}, logicalId: 'Filter', name: 'Filter' };
    void logs.resources!['AWS::Logs::LogGroup']!({ LogGroupName: '/app' }, context);
    const made = logs.resources!['AWS::Logs::MetricFilter']!(
      {
        LogGroupName: '/app',
        FilterPattern: '?"took too long" ?gone',
        MetricTransformations: [
          { MetricNamespace: 'Shop', MetricName: 'Ended', MetricValue: '1', ...transformation },
        ],
      },
      context,
    );
    return { logs, metrics, made };
  };

  it('counts the lines of its group that it finds from then on', () => {
    const { logs, metrics, made } = declared({});
    for (const text of ['it took too long', 'all is well', 'the process is gone'])
      logs.write('/app', 's', text);
    logs.write('/other', 's', 'gone');
    expect(metrics()).toEqual([['Ended', 2]]);
    void logs.removals!['AWS::Logs::MetricFilter']!((made as { ref: string }).ref, {});
    logs.write('/app', 's', 'gone');
    expect(metrics()).toEqual([['Ended', 2]]);
  });

  it.each([{ MetricValue: '$.duration' }, { DefaultValue: 0 }, { Dimensions: [{ Key: 'a', Value: '$.a' }] }])(
    'with %j is refused by name',
    (transformation) => expect(() => declared(transformation)).toThrow('MetricTransformations of Ended'),
  );
});
