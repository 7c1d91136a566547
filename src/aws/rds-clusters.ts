import {
  AddRoleToDBClusterCommand,
  CreateDBInstanceCommand,
  type CreateDBInstanceCommandInput,
  type DBCluster,
  type DBInstance,
  DescribeDBClustersCommand,
  ModifyDBClusterCommand,
  ModifyDBInstanceCommand,
  paginateDescribeDBInstances,
  type RDSClient,
  RestoreDBClusterFromSnapshotCommand,
  type RestoreDBClusterFromSnapshotCommandInput,
} from '@aws-sdk/client-rds';
import { type Left, type Missing, missingOf } from '../domain/database/restored-settings';
import { memberName } from '../domain/deployment/names';
import type { DatabaseSeen } from '../domain/doctor/database';
import {
  type DatabaseState,
  FREE,
  inherited,
  isOf,
  type Reader,
  type Restore,
  setMissing,
  stateOf,
  tried,
  UNSEEN,
} from './rds';
import { lookUntil } from './shown';

/** What the ports of `databases.ts` do to a DB cluster of Amazon Aurora. */

async function describe(rds: RDSClient, cluster: string): Promise<DBCluster | undefined> {
  const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: cluster }));
  return DBClusters?.[0];
}

/** Its instances by their names. */
async function membersOf(rds: RDSClient, cluster: string): Promise<DBInstance[]> {
  const found: DBInstance[] = [];
  const Filters = [{ Name: 'db-cluster-id', Values: [cluster] }];
  for await (const { DBInstances = [] } of paginateDescribeDBInstances({ client: rds }, { Filters }))
    found.push(...DBInstances);
  return found.sort((one, other) => nameOf(one).localeCompare(nameOf(other)));
}

const nameOf = ({ DBInstanceIdentifier = '' }: Pick<DBInstance, 'DBInstanceIdentifier'>) =>
  DBInstanceIdentifier;
const writerIn = (cluster: DBCluster | undefined) =>
  cluster?.DBClusterMembers?.find(({ IsClusterWriter }) => IsClusterWriter)?.DBInstanceIdentifier;

/**
 * All that a restore would otherwise take from RDS's defaults; its key is that of the snapshot, and its roles are given later.
 * Source: Amazon RDS API Reference, RestoreDBClusterFromSnapshot.
 */
function setUpAs(
  source: DBCluster,
): Omit<RestoreDBClusterFromSnapshotCommandInput, 'DBClusterIdentifier' | 'SnapshotIdentifier'> {
  const { MinCapacity, MaxCapacity, SecondsUntilAutoPause } = source.ServerlessV2ScalingConfiguration ?? {};
  return {
    Engine: source.Engine,
    EngineVersion: source.EngineVersion,
    Port: source.Port,
    AvailabilityZones: source.AvailabilityZones,
    NetworkType: source.NetworkType,
    DBSubnetGroupName: source.DBSubnetGroup,
    VpcSecurityGroupIds: source.VpcSecurityGroups?.flatMap(({ VpcSecurityGroupId: id }) => id ?? []),
    DBClusterParameterGroupName: source.DBClusterParameterGroup,
    StorageType: source.StorageType,
    ServerlessV2ScalingConfiguration:
      MaxCapacity === undefined ? undefined : { MinCapacity, MaxCapacity, SecondsUntilAutoPause },
    EnableIAMDatabaseAuthentication: source.IAMDatabaseAuthenticationEnabled,
    EnableCloudwatchLogsExports: source.EnabledCloudwatchLogsExports,
    BackupRetentionPeriod: source.BackupRetentionPeriod,
    PreferredBackupWindow: source.PreferredBackupWindow,
    CopyTagsToSnapshot: source.CopyTagsToSnapshot,
    DeletionProtection: source.DeletionProtection,
    // left out, RDS takes its extended support, which is paid for
    EngineLifecycleSupport: source.EngineLifecycleSupport,
  };
}

/** What an instance has of its own, besides its monitoring, whose role is given later. Source: Amazon RDS API Reference, CreateDBInstance. */
function memberAs(source: DBInstance): Omit<CreateDBInstanceCommandInput, 'DBInstanceIdentifier'> {
  return {
    Engine: source.Engine,
    DBInstanceClass: source.DBInstanceClass,
    PromotionTier: source.PromotionTier,
    DBParameterGroupName: source.DBParameterGroups?.[0]?.DBParameterGroupName,
    AvailabilityZone: source.AvailabilityZone,
    PubliclyAccessible: source.PubliclyAccessible,
    AutoMinorVersionUpgrade: source.AutoMinorVersionUpgrade,
    CACertificateIdentifier: source.CACertificateIdentifier,
    PreferredMaintenanceWindow: source.PreferredMaintenanceWindow,
    EnablePerformanceInsights: source.PerformanceInsightsEnabled,
    PerformanceInsightsKMSKeyId: source.PerformanceInsightsKMSKeyId,
    PerformanceInsightsRetentionPeriod: source.PerformanceInsightsRetentionPeriod,
  };
}

const shown = (name: string, cluster: DBCluster | undefined): DatabaseState => {
  const status = cluster?.Status ?? 'unknown';
  const { Endpoint, Port } = cluster ?? {};
  // its endpoints are there before anything answers at them
  const address = Endpoint && Port && writerIn(cluster) ? { host: Endpoint, port: Port } : null;
  return {
    status: stateOf(status, address !== null),
    free: FREE.includes(status),
    detail: `database cluster ${name} is ${status}`,
    address,
  };
};

export const clusterState = async (rds: RDSClient, cluster: string): Promise<DatabaseState> =>
  shown(cluster, await describe(rds, cluster));

export async function clusterSeen(rds: RDSClient, cluster: string): Promise<DatabaseSeen | undefined> {
  try {
    const found = await describe(rds, cluster);
    const members = found ? await membersOf(rds, cluster) : [];
    const certificates = members.flatMap(({ CertificateDetails }) => CertificateDetails?.ValidTill ?? []);
    return (
      found && {
        engine: found.Engine ?? 'unknown',
        mode: found.EngineMode,
        globalDatabase: found.GlobalClusterIdentifier,
        isLimitless: found.ClusterScalabilityType === 'limitless',
        forwardsWrites: ['enabled', 'enabling'].includes(found.LocalWriteForwardingStatus ?? ''),
        status: found.Status ?? 'unknown',
        backupDays: found.BackupRetentionPeriod ?? 0,
        restorableUntil: found.LatestRestorableTime?.toISOString(),
        encrypted: found.StorageEncrypted ?? false,
        publiclyAccessible: members.some(({ PubliclyAccessible }) => PubliclyAccessible),
        deletionProtection: found.DeletionProtection ?? false,
        key: found.KmsKeyId,
        certificateUntil: certificates
          .map((until) => until.toISOString())
          .sort()
          .at(0),
      }
    );
  } catch (error) {
    if ((error as Error).name === 'DBClusterNotFoundFault') return undefined;
    throw error;
  }
}

export async function readersOf(rds: RDSClient, cluster: string): Promise<Reader[]> {
  const [found, members] = await Promise.all([describe(rds, cluster), membersOf(rds, cluster)]);
  const writer = writerIn(found);
  return members
    .filter((member) => nameOf(member) !== writer)
    .map(({ DBInstanceIdentifier: name = '', DBInstanceStatus: status = 'unknown', Endpoint }) => ({
      name,
      status,
      address:
        Endpoint?.Address && Endpoint.Port ? { host: Endpoint.Address, port: Endpoint.Port } : undefined,
    }));
}

export async function restoreCluster(
  rds: RDSClient,
  cluster: string,
  { snapshot, deployment, like }: Restore,
): Promise<void> {
  const source = await describe(rds, like);
  if (!source) throw new Error(`there is no database cluster ${like}`);
  try {
    await rds.send(
      new RestoreDBClusterFromSnapshotCommand({
        ...setUpAs(source),
        DBClusterIdentifier: cluster,
        SnapshotIdentifier: snapshot,
        Tags: inherited(source.TagList, deployment),
      }),
    );
  } catch (error) {
    if ((error as Error).name !== 'DBClusterAlreadyExistsFault') throw error;
    if (!isOf(deployment, (await describe(rds, cluster))?.TagList)) throw error;
  }
}

/**
 * A restored cluster has no instances, and takes none until it is available. The first becomes its writer, so the one like the
 * source's comes first. Source: Amazon RDS API Reference, RestoreDBClusterFromSnapshot.
 */
export async function finishCluster(
  rds: RDSClient,
  cluster: string,
  like: string,
  deployment: string,
): Promise<DatabaseState> {
  const found = await describe(rds, cluster);
  const state = shown(cluster, found);
  if (found?.Status !== 'available') return state;
  const [source, wanted, there] = await Promise.all([
    describe(rds, like),
    membersOf(rds, like),
    membersOf(rds, cluster),
  ]);
  const writer = writerIn(source);
  const statuses = new Map(there.map((one) => [nameOf(one), one.DBInstanceStatus ?? 'unknown']));
  const members = wanted.map((one, index) => ({ one, name: memberName(cluster, index) }));
  const missing = members.filter(({ name }) => !statuses.has(name));
  for (const { one, name } of missing)
    if (statuses.size > 0 || nameOf(one) === writer) await createMember(rds, cluster, name, one, deployment);
  const each = members.map(({ name }) => ({ name, status: statuses.get(name) ?? 'creating' }));
  const states = each.map(({ status }) => stateOf(status, true));
  return {
    ...state,
    status:
      states.find((one) => one === 'failed') ?? states.find((one) => one === 'creating') ?? state.status,
    detail: [state.detail, ...each.map(({ name, status }) => `its instance ${name} is ${status}`)].join(', '),
  };
}

async function createMember(
  rds: RDSClient,
  cluster: string,
  name: string,
  source: DBInstance,
  deployment: string,
): Promise<void> {
  try {
    await rds.send(
      new CreateDBInstanceCommand({
        ...memberAs(source),
        DBInstanceIdentifier: name,
        DBClusterIdentifier: cluster,
        Tags: inherited(source.TagList, deployment),
      }),
    );
  } catch (error) {
    // lists show late what is there
    if ((error as Error).name !== 'DBInstanceAlreadyExistsFault') throw error;
    const isListed = (members: DBInstance[]) => members.some((one) => nameOf(one) === name);
    if (!isListed(await lookUntil(() => membersOf(rds, cluster), isListed))) throw error;
  }
}

/** What the cluster manages is set there; of its instances, what CreateDBInstance was not given. */
export async function keepCluster(rds: RDSClient, cluster: string, like: string): Promise<Left[]> {
  const of = { kind: 'cluster', name: cluster } as const;
  let missing: Missing[] = [];
  let monitored: { name: string; missing: Missing[] }[] = [];
  // users are served, and no setting is worth keeping the lock for
  const blind = await tried(of, [UNSEEN], async () => {
    const [source, there] = await Promise.all([describe(rds, like), describe(rds, cluster)]);
    const [before, now] = await Promise.all([membersOf(rds, like), membersOf(rds, cluster)]);
    missing = missingOf(source ?? {}, there ?? {});
    // a cluster that has its instances monitored does so for those that come later, too
    if (!source?.MonitoringInterval) monitored = monitoringOf(cluster, before, now);
  });
  if (blind.length > 0) return blind;
  const one = { DBClusterIdentifier: cluster };
  const left = await setMissing(of, missing, {
    modify: (changes) => rds.send(new ModifyDBClusterCommand({ ...one, ApplyImmediately: true, ...changes })),
    addRole: (role) => rds.send(new AddRoleToDBClusterCommand({ ...one, ...role })),
  });
  for (const { name, missing: wanted } of monitored) {
    const changes = Object.assign({}, ...wanted.map(({ modify }) => modify));
    left.push(
      ...(await tried({ kind: 'instance', name }, wanted, () =>
        rds.send(
          new ModifyDBInstanceCommand({ DBInstanceIdentifier: name, ApplyImmediately: true, ...changes }),
        ),
      )),
    );
  }
  return left;
}

const monitoringOf = (cluster: string, before: DBInstance[], now: DBInstance[]) =>
  before.map((source, index) => {
    const name = memberName(cluster, index);
    const there = now.find((one) => nameOf(one) === name) ?? {};
    return { name, missing: missingOf(source, there).filter(({ modify }) => modify?.MonitoringRoleArn) };
  });
