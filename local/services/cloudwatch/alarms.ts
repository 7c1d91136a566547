import {
  type AlarmHistoryItem,
  type DescribeAlarmHistoryInput,
  type DescribeAlarmsInput,
  InvalidNextToken,
  type MetricAlarm,
  type PutMetricAlarmInput,
  ResourceNotFound,
  type StateValue,
} from '@aws-sdk/client-cloudwatch';
import type { Clock } from '../../clock';
import { ACCOUNT, arn, REGION } from '../../names';
import { remember } from '../../newest';
import { every } from '../../schedule';
import type { Emit } from '../../service';
import { checkAlarm } from './alarm-input';
import { EXTRA_POINTS, evaluate, type Rule, reasonOf } from './evaluation';
import { dimensionsOf, type Find, invalid } from './queries';

export interface AlarmsOptions {
  clock: Clock;
  find: Find;
  emit: Emit;
  /** `alarm`: the ARN of the one that tells. */
  publish: (topicArn: string, message: string, subject: string, alarm: string) => void;
}

interface Alarm {
  input: PutMetricAlarmInput;
  updated: Date;
  state: StateValue;
  reason: string;
  /** When the state was set, and when it last became another one. */
  stateAt: Date;
  changedAt: Date;
  /** The end of the newest window that was looked at, in ms; absent until the first look. */
  lookedAt?: number;
}

const TICK_MS = 10_000;
const MINUTE_MS = 60_000;
const PAGE = 100;

export const alarmArn = (name: string) => arn('cloudwatch', `alarm:${name}`);

/**
 * Metric alarms with static thresholds. Those with periods below a minute are evaluated every ten seconds, the others every
 * minute, over windows that end there. Source: Amazon CloudWatch User Guide, "Alarm evaluation".
 */
export class Alarms {
  private readonly alarms = new Map<string, Alarm>();
  /** CloudWatch keeps it when the alarm is deleted. */
  private readonly history: AlarmHistoryItem[] = [];
  private readonly ended = new AbortController();
  private ticking: Promise<void> | undefined;

  constructor(private readonly options: AlarmsOptions) {}

  private now = () => new Date(this.options.clock.now());

  /** @throws what CloudWatch answers for an alarm that it does not take */
  put(input: PutMetricAlarmInput): void {
    checkAlarm(input);
    const name = input.AlarmName!;
    const [now, known] = [this.now(), this.alarms.get(name)];
    const unchecked = {
      state: 'INSUFFICIENT_DATA' as const,
      reason: 'Unchecked: Initial alarm creation',
      stateAt: now,
      changedAt: now,
    };
    // an update leaves the state as it is
    this.alarms.set(name, { ...(known ?? unchecked), input, updated: now, lookedAt: undefined });
    this.record(name, 'ConfigurationUpdate', `Alarm "${name}" ${known ? 'updated' : 'created'}`, {});
    // without an alarm nothing has to tick
    this.ticking ??= every(this.options.clock, TICK_MS, this.ended.signal, () => this.look());
  }

  /** All or none: one that is not there deletes none. */
  delete(names: readonly string[]): void {
    for (const name of names) this.found(name);
    for (const name of names) {
      this.alarms.delete(name);
      this.record(name, 'ConfigurationUpdate', `Alarm "${name}" deleted`, {});
    }
  }

  /** Whether the alarms tell anybody; those that are not there are passed over, as CloudWatch does. */
  setActions(names: readonly string[], enabled: boolean): void {
    for (const name of names) {
      const alarm = this.alarms.get(name);
      if (!alarm) continue;
      alarm.input = { ...alarm.input, ActionsEnabled: enabled };
      this.record(name, 'ConfigurationUpdate', `Alarm "${name}" updated`, {});
    }
  }

  /** Until the next evaluation, which puts the alarm back to its actual state. */
  setState(name: string, state: StateValue, reason: string): void {
    this.become(this.found(name), state, reason);
  }

  describe(input: DescribeAlarmsInput): { alarms: MetricAlarm[]; nextToken?: string } {
    const { AlarmNames, AlarmNamePrefix, AlarmTypes = ['MetricAlarm'], StateValue, ActionPrefix } = input;
    if (input.ChildrenOfAlarmName || input.ParentsOfAlarmName)
      throw invalid('There are no composite alarms locally, so none has children or parents.');
    if (AlarmNames && AlarmNamePrefix !== undefined)
      throw invalid('AlarmNames and AlarmNamePrefix exclude each other.');
    const found = [...this.alarms.values()]
      .filter(({ input: { AlarmName } }) => AlarmNames?.includes(AlarmName!) ?? true)
      .filter(({ input: { AlarmName } }) => AlarmName!.startsWith(AlarmNamePrefix ?? ''))
      .filter(({ state }) => StateValue === undefined || state === StateValue)
      .filter(
        ({ input: { AlarmActions = [] } }) =>
          ActionPrefix === undefined || AlarmActions.some((action) => action.startsWith(ActionPrefix)),
      )
      .sort((one, other) => (one.input.AlarmName! < other.input.AlarmName! ? -1 : 1));
    const { items, nextToken } = page(AlarmTypes.includes('MetricAlarm') ? found : [], input);
    return { alarms: items.map(described), nextToken };
  }

  historyOf(input: DescribeAlarmHistoryInput): { items: AlarmHistoryItem[]; nextToken?: string } {
    const { AlarmName, AlarmTypes = ['MetricAlarm'], HistoryItemType, StartDate, EndDate, ScanBy } = input;
    const found = (AlarmTypes.includes('MetricAlarm') ? this.history : []).filter(
      (item) =>
        (AlarmName === undefined || item.AlarmName === AlarmName) &&
        (HistoryItemType === undefined || item.HistoryItemType === HistoryItemType) &&
        (StartDate === undefined || item.Timestamp! >= StartDate) &&
        (EndDate === undefined || item.Timestamp! <= EndDate),
    );
    return page(ScanBy === 'TimestampAscending' ? found : found.reverse(), input);
  }

  async close(): Promise<void> {
    this.ended.abort();
    await this.ticking;
  }

  private found(name: string): Alarm {
    const alarm = this.alarms.get(name);
    if (alarm) return alarm;
    throw new ResourceNotFound({ message: `Alarm ${name} does not exist`, $metadata: {} });
  }

  private look(): void {
    const now = this.options.clock.now();
    for (const alarm of this.alarms.values()) {
      const unit = alarm.input.Period! < 60 ? TICK_MS : MINUTE_MS;
      const end = Math.floor(now / unit) * unit;
      if (alarm.lookedAt === end) continue;
      alarm.lookedAt = end;
      this.judge(alarm, end);
    }
  }

  private judge(alarm: Alarm, end: number): void {
    const { input } = alarm;
    const rule = ruleOf(input);
    const series = this.options.find(input.Namespace!, input.MetricName!, dimensionsOf(input.Dimensions));
    const period = input.Period! * 1000;
    const samples = Array.from({ length: rule.evaluationPeriods + EXTRA_POINTS }, (_, age) =>
      series?.between(end - (age + 1) * period, end - age * period),
    );
    const stat = input.Statistic ?? input.ExtendedStatistic!;
    const points = samples.map((sample) => sample?.statistic(stat));
    const seen = samples.slice(0, rule.evaluationPeriods);
    const count = seen.reduce((sum, sample) => sum + (sample?.statistic('SampleCount') ?? 0), 0);
    if (input.EvaluateLowSampleCountPercentile === 'ignore' && count < fewest(stat)) return;
    const state = evaluate(points, rule);
    if (state !== 'retain') this.become(alarm, state, reasonOf(state, points, rule));
  }

  private become(alarm: Alarm, state: StateValue, reason: string): void {
    if (alarm.state === state) return;
    const { input } = alarm;
    const now = this.now();
    const before = { value: alarm.state, reason: alarm.reason, timestamp: alarm.stateAt.toISOString() };
    Object.assign(alarm, { state, reason, stateAt: now, changedAt: now });
    const name = input.AlarmName!;
    this.record(name, 'StateUpdate', `Alarm updated from ${before.value} to ${state}`, {
      oldState: { stateValue: before.value, stateReason: before.reason },
      newState: { stateValue: state, stateReason: reason },
    });
    this.options.emit({
      source: 'aws.cloudwatch',
      detailType: 'CloudWatch Alarm State Change',
      resources: [alarmArn(name)],
      detail: {
        alarmName: name,
        state: { value: state, reason, timestamp: now.toISOString() },
        previousState: before,
      },
    });
    const actions = {
      ALARM: input.AlarmActions,
      OK: input.OKActions,
      INSUFFICIENT_DATA: input.InsufficientDataActions,
    };
    if (input.ActionsEnabled !== false)
      for (const topic of actions[state] ?? []) this.tell(topic, alarm, before.value);
  }

  /** The message that CloudWatch sends to a topic. */
  private tell(topic: string, { input, state, reason, stateAt }: Alarm, before: StateValue): void {
    const message = {
      AlarmName: input.AlarmName,
      AlarmDescription: input.AlarmDescription ?? null,
      AWSAccountId: ACCOUNT,
      NewStateValue: state,
      NewStateReason: reason,
      StateChangeTime: stateAt.toISOString(),
      Region: REGION,
      AlarmArn: alarmArn(input.AlarmName!),
      OldStateValue: before,
    };
    // CloudWatch does not check its actions: one that cannot be sent is no business of the alarm's
    try {
      this.options.publish(
        topic,
        JSON.stringify(message),
        `${state}: "${input.AlarmName}"`.slice(0, 99),
        alarmArn(input.AlarmName!),
      );
    } catch (error) {
      this.record(input.AlarmName!, 'Action', `Failed to execute action ${topic}`, {
        error: (error as Error).message,
      });
    }
  }

  private record(
    name: string,
    type: 'StateUpdate' | 'ConfigurationUpdate' | 'Action',
    summary: string,
    data: object,
  ) {
    remember(this.history, {
      AlarmName: name,
      AlarmType: 'MetricAlarm',
      Timestamp: this.now(),
      HistoryItemType: type,
      HistorySummary: summary,
      HistoryData: JSON.stringify({ version: '1.0', ...data }),
    });
  }
}

function ruleOf(input: PutMetricAlarmInput): Rule {
  const { EvaluationPeriods = 1, DatapointsToAlarm = EvaluationPeriods, Namespace, TreatMissingData } = input;
  return {
    operator: input.ComparisonOperator!,
    threshold: input.Threshold!,
    datapointsToAlarm: DatapointsToAlarm,
    evaluationPeriods: EvaluationPeriods,
    treatMissingData: (TreatMissingData ??
      (Namespace === 'AWS/DynamoDB' ? 'ignore' : 'missing')) as Rule['treatMissingData'],
  };
}

/** Below so many samples a percentile says nothing. Source: User Guide, "Percentile-based alarms and low data samples". */
function fewest(statistic: string): number {
  const share = Number(/^p([\d.]+)$/i.exec(statistic)?.[1] ?? 0) / 100;
  return share > 0 && share < 1 ? 10 / Math.min(share, 1 - share) : 0;
}

function described({ input: { Tags: _, ...input }, ...alarm }: Alarm): MetricAlarm {
  return {
    ...input,
    ActionsEnabled: input.ActionsEnabled ?? true,
    AlarmArn: alarmArn(input.AlarmName!),
    AlarmConfigurationUpdatedTimestamp: alarm.updated,
    StateValue: alarm.state,
    StateReason: alarm.reason,
    StateUpdatedTimestamp: alarm.stateAt,
    StateTransitionedTimestamp: alarm.changedAt,
  };
}

/** One page of a list; the token is the number of items before it. */
function page<Item>(
  all: Item[],
  { MaxRecords = PAGE, NextToken = '0' }: { MaxRecords?: number; NextToken?: string },
): { items: Item[]; nextToken?: string } {
  const start = Number(NextToken);
  if (!Number.isInteger(start) || start < 0)
    throw new InvalidNextToken({ message: 'The next token specified is invalid.', $metadata: {} });
  const end = start + MaxRecords;
  return { items: all.slice(start, end), nextToken: end < all.length ? String(end) : undefined };
}
