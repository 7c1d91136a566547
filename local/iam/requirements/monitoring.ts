import { arn } from '../../names';
import { ANY, type Rows } from './requirement';

const alarm = (name: string) => arn('cloudwatch', `alarm:${name}`);

/** CloudWatch signs as "monitoring"; metrics have no ARNs, only a namespace to write to. */
export const monitoring: Rows = {
  prefix: 'cloudwatch',
  operations: {
    DescribeAlarms: (i) => [
      { action: 'cloudwatch:DescribeAlarms', resources: (i.AlarmNames ?? ['*']).map(alarm) },
    ],
    DescribeAlarmHistory: (i) => [
      { action: 'cloudwatch:DescribeAlarmHistory', resources: [alarm(i.AlarmName ?? '*')] },
    ],
    SetAlarmState: (i) => [{ action: 'cloudwatch:SetAlarmState', resources: [alarm(i.AlarmName)] }],
    DeleteAlarms: (i) => [{ action: 'cloudwatch:DeleteAlarms', resources: (i.AlarmNames ?? []).map(alarm) }],
    PutMetricAlarm: (i) => [{ action: 'cloudwatch:PutMetricAlarm', resources: [alarm(i.AlarmName)] }],
    PutMetricData: (i) => [
      {
        action: 'cloudwatch:PutMetricData',
        resources: ANY,
        context: { 'cloudwatch:namespace': i.Namespace },
      },
    ],
  },
};

const group = (name = '') => arn('logs', `log-group:${name}`);
const stream = (groupName?: string, name = '') => `${group(groupName)}:log-stream:${name}`;

export const logs: Rows = {
  prefix: 'logs',
  operations: {
    CreateLogGroup: (i) => [{ action: 'logs:CreateLogGroup', resources: [stream(i.logGroupName)] }],
    CreateLogStream: (i) => [
      { action: 'logs:CreateLogStream', resources: [stream(i.logGroupName, i.logStreamName)] },
    ],
    DescribeLogGroups: (i) => [
      { action: 'logs:DescribeLogGroups', resources: [stream(i.logGroupNamePrefix)] },
    ],
    DescribeLogStreams: (i) => [{ action: 'logs:DescribeLogStreams', resources: [stream(i.logGroupName)] }],
    FilterLogEvents: (i) => [{ action: 'logs:FilterLogEvents', resources: [stream(i.logGroupName)] }],
    GetLogEvents: (i) => [
      { action: 'logs:GetLogEvents', resources: [stream(i.logGroupName, i.logStreamName)] },
    ],
    PutLogEvents: (i) => [
      { action: 'logs:PutLogEvents', resources: [stream(i.logGroupName, i.logStreamName)] },
    ],
  },
};
