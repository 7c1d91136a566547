import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  PutMetricDataCommand,
  paginateDescribeAlarms,
  SetAlarmStateCommand,
  type StateValue,
} from '@aws-sdk/client-cloudwatch';
import { createFaults, type Endpoint, startEndpoint } from '../../../local/endpoint';
import { createAuthorise } from '../../../local/iam';
import type { CloudEvent } from '../../../local/service';
import { type CloudWatchService, createCloudWatch } from '../../../local/services/cloudwatch';
import { evaluate, type Rule } from '../../../local/services/cloudwatch/evaluation';
import { type ManualClock, manualClock } from '../manual-clock';

describe('how data points become a state (the tables of the CloudWatch User Guide)', () => {
  const treatments = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
  const [ok, alarm, none, same] = ['OK', 'ALARM', 'INSUFFICIENT_DATA', 'retain'] as const;
  it.each([
    [3, '0 - X - X', [ok, ok, ok, ok]],
    [3, '0 - - - -', [ok, ok, ok, ok]],
    [3, '- - - - -', [none, same, alarm, ok]],
    [3, '0 X X - X', [alarm, alarm, alarm, alarm]],
    [3, '- - X - -', [alarm, same, alarm, ok]],
    // not before it is clear that no good one follows
    [3, '- - - - X', [none, same, alarm, ok]],
    [2, '0 - X - X', [alarm, alarm, alarm, alarm]],
    [2, '0 0 X 0 X', [alarm, alarm, alarm, alarm]],
    [2, '0 - X - -', [ok, ok, alarm, ok]],
    [2, '- - - - 0', [ok, ok, alarm, ok]],
    [2, '- - - X -', [alarm, same, alarm, ok]],
  ] as const)('%d of 3 with %s', (datapointsToAlarm, points, states) => {
    const values = points
      .split(' ')
      .map((point) => ({ '0': 0, X: 9, '-': undefined })[point])
      .reverse();
    const rule = {
      operator: 'GreaterThanThreshold',
      threshold: 5,
      datapointsToAlarm,
      evaluationPeriods: 3,
    } as const;
    expect(treatments.map((treatMissingData) => evaluate(values, { ...rule, treatMissingData }))).toEqual(
      states,
    );
  });

  it.each<[Rule['operator'], string]>([
    ['GreaterThanThreshold', '001'],
    ['GreaterThanOrEqualToThreshold', '011'],
    ['LessThanThreshold', '100'],
    ['LessThanOrEqualToThreshold', '110'],
  ])('%s', (operator, breaching) => {
    const rule = { operator, threshold: 5, datapointsToAlarm: 1, evaluationPeriods: 1 };
    const found = [4, 5, 6].map((value) => evaluate([value], { ...rule, treatMissingData: 'missing' }));
    expect(found.map((state) => (state === 'ALARM' ? '1' : '0')).join('')).toBe(breaching);
  });
});

describe('alarms, over the wire', () => {
  let clock: ManualClock;
  let cloudwatch: CloudWatchService;
  let endpoint: Endpoint;
  let client: CloudWatchClient;
  let events: CloudEvent[];
  let messages: { topic: string; subject: string; message: Record<string, string> }[];

  beforeEach(async () => {
    clock = manualClock();
    [events, messages] = [[], []];
    cloudwatch = createCloudWatch({
      clock,
      tells: {
        emit: (event) => events.push(event),
        publish: (topic, message, subject) => messages.push({ topic, subject, message: JSON.parse(message) }),
      },
    });
    endpoint = await startEndpoint({
      services: [cloudwatch],
      authorise: createAuthorise(
        { statementsOf: () => [] },
        { rolesOf: () => [], machineOf: () => undefined, keyOf: () => undefined },
      ),
      faults: createFaults(),
      callerOf: (accessKeyId) => ({ accessKeyId }),
    });
    client = new CloudWatchClient({
      region: 'eu-west-1',
      endpoint: endpoint.url,
      credentials: { accessKeyId: 'tester', secretAccessKey: 'none' },
      maxAttempts: 1,
    });
  });
  afterEach(async () => {
    client.destroy();
    await endpoint.close();
    await cloudwatch.close?.();
  });

  const put = (changes: Partial<PutMetricAlarmCommandInput> = {}) =>
    client.send(
      new PutMetricAlarmCommand({
        AlarmName: 'orders-refused',
        Namespace: 'Shop',
        MetricName: 'Refused',
        Statistic: 'Sum',
        Period: 10,
        EvaluationPeriods: 1,
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
        ...changes,
      }),
    );
  const refused = (Value: number, StorageResolution: 1 | 60 = 1) =>
    client.send(
      new PutMetricDataCommand({
        Namespace: 'Shop',
        MetricData: [{ MetricName: 'Refused', Value, StorageResolution, Timestamp: new Date(clock.now()) }],
      }),
    );
  /** Lets so many seconds go by, and every evaluation that falls into them. */
  async function pass(seconds: number) {
    for (let gone = 0; gone < seconds; gone += 10) {
      clock.advance(10_000);
      await new Promise(setImmediate);
    }
  }
  const alarm = async (name = 'orders-refused') =>
    (await client.send(new DescribeAlarmsCommand({ AlarmNames: [name] }))).MetricAlarms?.[0];
  const state = async () => (await alarm())?.StateValue;
  const history = async () =>
    (
      await client.send(
        new DescribeAlarmHistoryCommand({
          AlarmName: 'orders-refused',
          HistoryItemType: 'StateUpdate',
          ScanBy: 'TimestampAscending',
        }),
      )
    ).AlarmHistoryItems?.map(({ HistorySummary }) => HistorySummary);

  it('goes to ALARM and back with what is put at a resolution of a second, and tells of it', async () => {
    const topic = 'arn:aws:sns:eu-west-1:000000000000:people';
    await put({ AlarmActions: [topic], TreatMissingData: 'notBreaching' });
    expect(await alarm()).toMatchObject({
      StateValue: 'INSUFFICIENT_DATA',
      AlarmArn: 'arn:aws:cloudwatch:eu-west-1:000000000000:alarm:orders-refused',
      ActionsEnabled: true,
    });
    await pass(10);
    expect(await state()).toBe('OK');
    await refused(2);
    await pass(10);
    expect(await alarm()).toMatchObject({
      StateValue: 'ALARM',
      StateReason: 'Threshold Crossed: 1 datapoint [2] was greater than the threshold (0).',
      StateTransitionedTimestamp: new Date(clock.now()),
    });
    await pass(30);
    expect(await state()).toBe('OK');
    expect(await history()).toEqual([
      'Alarm updated from INSUFFICIENT_DATA to OK',
      'Alarm updated from OK to ALARM',
      'Alarm updated from ALARM to OK',
    ]);
    expect(messages).toEqual([
      {
        topic,
        subject: 'ALARM: "orders-refused"',
        message: expect.objectContaining({ OldStateValue: 'OK', NewStateValue: 'ALARM' }),
      },
    ]);
    expect(events[1]).toMatchObject({
      source: 'aws.cloudwatch',
      detailType: 'CloudWatch Alarm State Change',
      detail: { alarmName: 'orders-refused', state: { value: 'ALARM' }, previousState: { value: 'OK' } },
    });
  });

  it('tells nobody while its actions are disabled, and goes off all the same', async () => {
    const topic = 'arn:aws:sns:eu-west-1:000000000000:alarms';
    await put({ AlarmActions: [topic] });
    const AlarmNames = ['orders-refused', 'one that is not there'];
    await client.send(new DisableAlarmActionsCommand({ AlarmNames }));
    await refused(2);
    await pass(10);
    expect([await state(), messages]).toEqual(['ALARM', []]);
    await pass(30);
    await client.send(new EnableAlarmActionsCommand({ AlarmNames }));
    await refused(2);
    await pass(10);
    expect(messages).toHaveLength(1);
  });

  it('evaluates periods of a minute once a minute, M out of N', async () => {
    await put({ Period: 60, EvaluationPeriods: 3, DatapointsToAlarm: 2 });
    const states: (StateValue | undefined)[] = [];
    for (const value of [0, 5, 0, 5, 0, 0]) {
      await refused(value, 60);
      await pass(50);
      const before = await state();
      await pass(10);
      states.push(before, await state());
    }
    expect(states).toEqual([
      ...['INSUFFICIENT_DATA', 'OK', 'OK', 'OK', 'OK', 'OK'],
      ...['OK', 'ALARM', 'ALARM', 'OK', 'OK', 'OK'],
    ]);
  });

  it('sees what is put without a resolution in the first seconds of its minute only', async () => {
    await put({ TreatMissingData: 'notBreaching' });
    await pass(40);
    await refused(3, 60);
    await pass(10);
    expect(await state()).toBe('OK');
  });

  it('is set to a state for a test, until it is evaluated again', async () => {
    await put({ TreatMissingData: 'notBreaching' });
    await pass(10);
    await client.send(
      new SetAlarmStateCommand({
        AlarmName: 'orders-refused',
        StateValue: 'ALARM',
        StateReason: 'a test',
      }),
    );
    expect(await alarm()).toMatchObject({ StateValue: 'ALARM', StateReason: 'a test' });
    await pass(10);
    expect(await state()).toBe('OK');
    expect((await history())?.slice(1)).toEqual([
      'Alarm updated from OK to ALARM',
      'Alarm updated from ALARM to OK',
    ]);
  });

  it('keeps its state when it is put again, and its history when it is deleted', async () => {
    await put();
    await refused(2);
    await pass(10);
    await put({ Threshold: 100 });
    expect(await alarm()).toMatchObject({ StateValue: 'ALARM', Threshold: 100 });
    const gone = new DeleteAlarmsCommand({ AlarmNames: ['orders-refused', 'another'] });
    await expect(client.send(gone)).rejects.toMatchObject({ name: 'ResourceNotFound' });
    expect(await state()).toBe('ALARM');
    await client.send(new DeleteAlarmsCommand({ AlarmNames: ['orders-refused'] }));
    expect(await alarm()).toBeUndefined();
    expect(await history()).toEqual(['Alarm updated from INSUFFICIENT_DATA to ALARM']);
  });

  it('is listed by name, prefix and state, page by page, and by default among metric alarms only', async () => {
    for (const AlarmName of ['c', 'a', 'b']) await put({ AlarmName });
    const names: string[] = [];
    for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client, pageSize: 2 }, {}))
      names.push(...MetricAlarms.map(({ AlarmName }) => AlarmName ?? ''));
    expect(names).toEqual(['a', 'b', 'c']);
    const count = async (input: object) =>
      (await client.send(new DescribeAlarmsCommand(input))).MetricAlarms?.length;
    expect(await count({ AlarmNamePrefix: 'b' })).toBe(1);
    expect(await count({ StateValue: 'OK' })).toBe(0);
    expect(await count({ AlarmTypes: ['CompositeAlarm'] })).toBe(0);
  });

  it('leaves the state alone where a percentile has too few samples', async () => {
    const percentile = { Statistic: undefined, ExtendedStatistic: 'p99' } as const;
    await put({ ...percentile, EvaluateLowSampleCountPercentile: 'ignore' });
    await refused(5);
    await pass(10);
    expect(await state()).toBe('INSUFFICIENT_DATA');
    await put(percentile);
    await refused(5);
    await pass(10);
    expect(await state()).toBe('ALARM');
  });

  it.each<[string, Partial<PutMetricAlarmCommandInput>, string]>([
    ['no threshold', { Threshold: undefined }, 'Threshold is required'],
    ['another period', { Period: 15 }, 'Period must be 10, 20, 30 or a multiple of 60'],
    ['two statistics', { ExtendedStatistic: 'p99' }, 'Exactly one of'],
    ['more than a day', { Period: 60, EvaluationPeriods: 1441 }, 'across more than 86400 seconds'],
    ['more points than there are', { DatapointsToAlarm: 2 }, 'between 1 and EvaluationPeriods'],
    ['another treatment', { TreatMissingData: 'guess' }, 'TreatMissingData must be one of'],
    ['anomaly detection', { ComparisonOperator: 'GreaterThanUpperThreshold' }, 'not served locally'],
    ['metric math', { Metrics: [{ Id: 'e', Expression: 'a/b' }] }, 'not served locally'],
    ['other actions', { OKActions: ['arn:aws:automate:eu-west-1:ec2:stop'] }, 'name an SNS topic'],
  ])('is refused with %s', async (_, changes, message) => {
    await expect(put(changes)).rejects.toThrow(message);
    expect(await alarm()).toBeUndefined();
  });
});
