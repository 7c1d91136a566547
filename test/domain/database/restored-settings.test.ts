import {
  aboutMissing,
  commandOf,
  missingOf,
  type Shown,
} from '../../../src/domain/database/restored-settings';

const instance = { kind: 'instance', name: 'shop-1' } as const;
const cluster = { kind: 'cluster', name: 'shop-1' } as const;
const role = 'arn:aws:iam::123456789012:role/monitoring';
const plain: Shown = {
  PreferredMaintenanceWindow: 'sat:03:12-sat:03:42',
  DatabaseInsightsMode: 'standard',
  PerformanceInsightsEnabled: false,
  MonitoringInterval: 0,
  AssociatedRoles: [],
};
const whats = (source: Shown, there = plain) =>
  missingOf({ ...plain, ...source }, there).map(({ what }) => what);

it('misses nothing where nobody had changed what RDS takes by default', () => {
  expect(whats({})).toEqual([]);
  expect(missingOf({}, {})).toEqual([]);
});

it.each<[string, Shown, string, string]>([
  [
    'the maintenance window',
    { PreferredMaintenanceWindow: 'sun:05:00-sun:06:00' },
    'maintenance window sun:05:00-sun:06:00',
    '--preferred-maintenance-window sun:05:00-sun:06:00',
  ],
  [
    'storage autoscaling',
    { MaxAllocatedStorage: 500 },
    'storage autoscaling to 500 GiB',
    '--max-allocated-storage 500',
  ],
  [
    'the mode of Database Insights',
    {
      DatabaseInsightsMode: 'advanced',
      PerformanceInsightsEnabled: true,
      PerformanceInsightsRetentionPeriod: 465,
    },
    'Database Insights mode advanced, kept for 465 days',
    '--database-insights-mode advanced --enable-performance-insights --performance-insights-retention-period 465',
  ],
  [
    'enhanced monitoring',
    { MonitoringInterval: 30, MonitoringRoleArn: role },
    'enhanced monitoring every 30 s',
    `--monitoring-interval 30 --monitoring-role-arn ${role}`,
  ],
])('sets %s again, and says how', (_, source, what, flags) => {
  const [missing, ...more] = missingOf({ ...plain, ...source }, plain);
  expect([missing?.what, more]).toEqual([what, []]);
  expect(commandOf(instance, missing!)).toBe(
    `aws rds modify-db-instance --db-instance-identifier shop-1 ${flags} --apply-immediately`,
  );
  expect(whats(source, { ...plain, ...source })).toEqual([]);
});

it('associates each role that is not there yet', () => {
  const [s3, lambda] = ['s3Import', 'Lambda'].map((FeatureName) => ({ RoleArn: role, FeatureName }));
  const missing = missingOf(
    { ...plain, AssociatedRoles: [s3!, lambda!] },
    { ...plain, AssociatedRoles: [s3!] },
  );
  expect(missing.map((one) => one.role)).toEqual([lambda]);
  expect(commandOf(instance, missing[0]!)).toBe(
    `aws rds add-role-to-db-instance --db-instance-identifier shop-1 --role-arn ${role} --feature-name Lambda`,
  );
});

it('names what no call brings to another instance', () => {
  const source: Shown = {
    ReadReplicaDBInstanceIdentifiers: ['shop-reads'],
    MasterUserSecret: { SecretArn: 'arn:secret' },
    DomainMemberships: [{ Domain: 'd-1' }],
    ActivityStreamStatus: 'started',
    CustomEndpoints: ['reports.cluster-custom-1'],
    HttpEndpointEnabled: true,
  };
  expect(whats(source)).toEqual([
    'read replicas shop-reads, which follow the old one',
    'the password that RDS manages in arn:secret',
    'membership of the domain d-1',
    'its activity stream',
    'custom endpoints reports.cluster-custom-1, which lead to the old one',
    'the RDS Data API',
  ]);
  for (const missing of missingOf(source, plain)) expect(commandOf(instance, missing)).toBe('');
});

it('says what was left, why, and the command that sets it', () => {
  expect(aboutMissing([])).toBe('');
  expect(
    aboutMissing([
      {
        what: 'maintenance window sun:05:00-sun:06:00',
        modify: { PreferredMaintenanceWindow: 'sun:05:00-sun:06:00' },
        of: instance,
        because: 'InvalidDBInstanceState: it is backing-up',
      },
      { what: 'its activity stream', of: instance, because: '' },
    ]),
  ).toBe(
    '; not set as on the old one: maintenance window sun:05:00-sun:06:00 (InvalidDBInstanceState: it is backing-up): aws rds modify-db-instance --db-instance-identifier shop-1 --preferred-maintenance-window sun:05:00-sun:06:00 --apply-immediately, its activity stream',
  );
});

it('names the calls of a cluster for what a cluster has', () => {
  const window = { modify: { PreferredMaintenanceWindow: 'sun:05:00-sun:06:00' }, what: '' };
  expect(commandOf(cluster, window)).toBe(
    'aws rds modify-db-cluster --db-cluster-identifier shop-1 --preferred-maintenance-window sun:05:00-sun:06:00 --apply-immediately',
  );
  expect(commandOf(cluster, { what: '', role: { RoleArn: role, FeatureName: 's3Import' } })).toBe(
    `aws rds add-role-to-db-cluster --db-cluster-identifier shop-1 --role-arn ${role} --feature-name s3Import`,
  );
});
