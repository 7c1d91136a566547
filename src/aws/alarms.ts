import {
  CloudWatchClient,
  type MetricAlarm,
  paginateDescribeAlarmHistory,
  paginateDescribeAlarms,
} from '@aws-sdk/client-cloudwatch';
import type { AlarmActions } from '../domain/doctor/workflow';
import type { AlarmSeen } from '../domain/evidence/alarms';
import type { Grant, Port } from '../domain/step/port';

export interface AlarmReader {
  /** The alarms of these names as they are now; one that is not there is absent. */
  now(names: readonly string[]): Promise<AlarmSeen[]>;
}
export interface AlarmExaminer {
  /** Whom the alarms of these names tell; one that is not there is absent. */
  actions(names: readonly string[]): Promise<AlarmActions[]>;
}
export interface AlarmWatch {
  /** The same, with when each last went to ALARM since a moment: what went off and is over stands in its history only. */
  since(names: readonly string[], from: Date): Promise<AlarmSeen[]>;
}

/** Composite alarms can only be read with a permission for all alarms, so this one is for metric alarms. */
const readAlarms: Grant = { sid: 'ReadAlarms', actions: ['cloudwatch:DescribeAlarms'], on: ['alarms'] };

async function described(client: CloudWatchClient, names: readonly string[]): Promise<MetricAlarm[]> {
  if (names.length === 0) return [];
  const found: MetricAlarm[] = [];
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, { AlarmNames: [...names] }))
    found.push(...MetricAlarms);
  return found;
}

const seen = ({ AlarmName = '', StateValue, StateReason = '' }: MetricAlarm): AlarmSeen => ({
  name: AlarmName,
  state: StateValue ?? 'INSUFFICIENT_DATA',
  reason: StateReason,
});

/** Of a change's `HistoryData`. Source: Amazon CloudWatch User Guide, "Alarm history" as DescribeAlarmHistory gives it. */
interface Change {
  newState?: { stateValue?: string; stateReason?: string };
}

/** The newest change to ALARM since a moment. */
async function lastAlarm(
  client: CloudWatchClient,
  AlarmName: string,
  StartDate: Date,
): Promise<{ at: string; reason: string } | undefined> {
  const query = {
    AlarmName,
    HistoryItemType: 'StateUpdate',
    StartDate,
    ScanBy: 'TimestampDescending',
  } as const;
  for await (const { AlarmHistoryItems = [] } of paginateDescribeAlarmHistory({ client }, query))
    for (const { Timestamp, HistoryData = '{}' } of AlarmHistoryItems) {
      const { newState } = JSON.parse(HistoryData) as Change;
      if (newState?.stateValue === 'ALARM' && Timestamp)
        return { at: Timestamp.toISOString(), reason: newState.stateReason ?? '' };
    }
  return undefined;
}

export const alarmReader: Port<AlarmReader> = {
  grants: [readAlarms],
  open() {
    const client = new CloudWatchClient({});
    return { now: async (names) => (await described(client, names)).map(seen) };
  },
};

export const alarmExaminer: Port<AlarmExaminer> = {
  grants: [readAlarms],
  open() {
    const client = new CloudWatchClient({});
    return {
      actions: async (names) =>
        (await described(client, names)).map(({ AlarmName = '', AlarmActions = [], ActionsEnabled }) => ({
          name: AlarmName,
          actions: AlarmActions,
          enabled: ActionsEnabled !== false,
        })),
    };
  },
};

export const alarmWatch: Port<AlarmWatch> = {
  grants: [
    readAlarms,
    { sid: 'ReadAlarmHistory', actions: ['cloudwatch:DescribeAlarmHistory'], on: ['alarms'] },
  ],
  open() {
    const client = new CloudWatchClient({});
    return {
      async since(names, from) {
        const alarms = await described(client, names);
        return Promise.all(
          alarms.map(async (alarm) => {
            const now = seen(alarm);
            const changed = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
            if (now.state === 'ALARM' || (changed && changed < from)) return now;
            const last = await lastAlarm(client, now.name, from);
            return last ? { ...now, reason: last.reason, alarmedAt: last.at } : now;
          }),
        );
      },
    };
  },
};
