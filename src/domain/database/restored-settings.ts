import type { RdsDatabase } from '../settings/database';

/** What Amazon RDS shows of an instance or an Aurora cluster, as far as a restore has no parameter for it. */
export interface Shown {
  PreferredMaintenanceWindow?: string;
  MaxAllocatedStorage?: number;
  DatabaseInsightsMode?: string;
  PerformanceInsightsEnabled?: boolean;
  PerformanceInsightsRetentionPeriod?: number;
  PerformanceInsightsKMSKeyId?: string;
  MonitoringInterval?: number;
  MonitoringRoleArn?: string;
  AssociatedRoles?: { RoleArn?: string; FeatureName?: string }[];
  MasterUserSecret?: { SecretArn?: string };
  ReadReplicaDBInstanceIdentifiers?: string[];
  DomainMemberships?: { Domain?: string }[];
  ActivityStreamStatus?: string;
  CustomEndpoints?: string[];
  HttpEndpointEnabled?: boolean;
}

/** One thing that a restored instance or cluster has not of its source, and what sets it again; without that a person has to. */
export interface Missing {
  what: string;
  modify?: {
    PreferredMaintenanceWindow?: string;
    MaxAllocatedStorage?: number;
    DatabaseInsightsMode?: 'standard' | 'advanced';
    EnablePerformanceInsights?: boolean;
    PerformanceInsightsRetentionPeriod?: number;
    PerformanceInsightsKMSKeyId?: string;
    MonitoringInterval?: number;
    MonitoringRoleArn?: string;
  };
  role?: { RoleArn: string; FeatureName: string };
}

/**
 * What a restore has left at the defaults of RDS. Source: Amazon RDS API Reference, RestoreDBInstanceFromDBSnapshot and
 * ModifyDBInstance, RestoreDBClusterFromSnapshot and ModifyDBCluster; what is read here is given by the second of each.
 */
export function missingOf(source: Shown, there: Shown): Missing[] {
  const missing: Missing[] = [];
  const window = source.PreferredMaintenanceWindow;
  if (window && window !== there.PreferredMaintenanceWindow)
    missing.push({ what: `maintenance window ${window}`, modify: { PreferredMaintenanceWindow: window } });
  const most = source.MaxAllocatedStorage;
  if (most && most !== there.MaxAllocatedStorage)
    missing.push({ what: `storage autoscaling to ${most} GiB`, modify: { MaxAllocatedStorage: most } });
  return [
    ...missing,
    ...insights(source, there),
    ...monitoring(source, there),
    ...roles(source, there),
    ...beyond(source, there),
  ];
}

/** Performance Insights is a part of Database Insights, and the mode wants its retention beside it. */
function insights(source: Shown, there: Shown): Missing[] {
  const mode = source.DatabaseInsightsMode;
  const members = [
    'DatabaseInsightsMode',
    'PerformanceInsightsEnabled',
    'PerformanceInsightsRetentionPeriod',
  ];
  const same = members.every((name) => source[name as keyof Shown] === there[name as keyof Shown]);
  if (same || (!source.PerformanceInsightsEnabled && (mode ?? 'standard') === 'standard')) return [];
  return [
    {
      what: `Database Insights mode ${mode ?? 'standard'}, kept for ${source.PerformanceInsightsRetentionPeriod ?? 7} days`,
      modify: {
        DatabaseInsightsMode: mode === 'advanced' ? 'advanced' : 'standard',
        EnablePerformanceInsights: source.PerformanceInsightsEnabled,
        PerformanceInsightsRetentionPeriod: source.PerformanceInsightsRetentionPeriod,
        PerformanceInsightsKMSKeyId: source.PerformanceInsightsKMSKeyId,
      },
    },
  ];
}

function monitoring({ MonitoringInterval, MonitoringRoleArn }: Shown, there: Shown): Missing[] {
  if (!MonitoringInterval || MonitoringInterval === there.MonitoringInterval) return [];
  return [
    {
      what: `enhanced monitoring every ${MonitoringInterval} s`,
      modify: { MonitoringInterval, MonitoringRoleArn },
    },
  ];
}

const roles = (source: Shown, there: Shown): Missing[] =>
  (source.AssociatedRoles ?? []).flatMap(({ RoleArn = '', FeatureName = '' }) =>
    there.AssociatedRoles?.some((one) => one.RoleArn === RoleArn && one.FeatureName === FeatureName)
      ? []
      : [{ what: `role ${RoleArn} for ${FeatureName}`, role: { RoleArn, FeatureName } }],
  );

/** What belongs to the old one, or is a person's to decide about. */
function beyond(source: Shown, there: Shown): Missing[] {
  const replicas = source.ReadReplicaDBInstanceIdentifiers ?? [];
  const domains = (source.DomainMemberships ?? []).map(({ Domain = '' }) => Domain);
  return [
    ...(replicas.length > 0
      ? [{ what: `read replicas ${replicas.join(', ')}, which follow the old one` }]
      : []),
    ...(source.MasterUserSecret && !there.MasterUserSecret
      ? [{ what: `the password that RDS manages in ${source.MasterUserSecret.SecretArn}` }]
      : []),
    ...(domains.length > 0 && !there.DomainMemberships?.length
      ? [{ what: `membership of the domain ${domains.join(', ')}` }]
      : []),
    ...(source.ActivityStreamStatus === 'started' && there.ActivityStreamStatus !== 'started'
      ? [{ what: 'its activity stream' }]
      : []),
    ...(source.CustomEndpoints?.length && !there.CustomEndpoints?.length
      ? [{ what: `custom endpoints ${source.CustomEndpoints.join(', ')}, which lead to the old one` }]
      : []),
    ...(source.HttpEndpointEnabled && !there.HttpEndpointEnabled ? [{ what: 'the RDS Data API' }] : []),
  ];
}

const flag = (name: string) =>
  `--${name.replace(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '-').toLowerCase()}`;

/** The command that a person sets it again with; empty where there is none. */
export function commandOf({ kind, name: database }: RdsDatabase, { modify, role }: Missing): string {
  const which = `db-${kind} --db-${kind}-identifier ${database}`;
  if (role)
    return `aws rds add-role-to-${which} --role-arn ${role.RoleArn} --feature-name ${role.FeatureName}`;
  if (!modify) return '';
  const said = Object.entries(modify).filter(([, value]) => value !== undefined);
  const flags = said.map(([name, value]) => (value === true ? flag(name) : `${flag(name)} ${value}`));
  return `aws rds modify-${which} ${flags.join(' ')} --apply-immediately`;
}

/** What could not be set, of which instance or cluster, and why; empty where nobody tried. */
export type Left = Missing & { of: RdsDatabase; because: string };

/** What was not kept, as the end of a sentence; empty when all was. */
export function aboutMissing(left: readonly Left[]): string {
  if (left.length === 0) return '';
  const said = left.map((one) => {
    const command = commandOf(one.of, one);
    return `${one.what}${one.because ? ` (${one.because})` : ''}${command ? `: ${command}` : ''}`;
  });
  return `; not set as on the old one: ${said.join(', ')}`;
}
