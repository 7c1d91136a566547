import type { Tag } from '@aws-sdk/client-rds';
import { arn, ownKey } from '../../names';
import type { Binaries } from '../../postgres/binaries';
import type { Resource, ResourceMaker } from '../../service';
import { engineVersion, requireEngine } from './engine';
import { invalidValue } from './faults';
import { instanceArn, instanceIdentifier } from './identifiers';
import type { Instances } from './instances';
import { type ParameterGroups, refuseProperties } from './parameter-groups';
import { type InstanceRecord, type Settings, UNSAID } from './records';
import { checkInsights, checkMonitoring, checkPassword, checkRetention } from './rules';
import { checkStorage } from './storage';
import type { SubnetGroups } from './subnet-groups';

const UNSUPPORTED = [
  'ManageMasterUserPassword',
  'DBSnapshotIdentifier',
  'SourceDBInstanceIdentifier',
  'RestoreTime',
  'UseLatestRestorableTime',
  'CharacterSetName',
];

/** CloudFormation hands numbers and booleans over as text when a template writes them so. */
export const truth = (value: unknown, otherwise = false) =>
  value === undefined ? otherwise : String(value) === 'true';

export const numeric = (value: unknown) => (value === undefined ? undefined : Number(value));

export const text = (value: unknown) => (value === undefined ? undefined : String(value));

/** As long as RDS takes it. */
export const physicalName = (name: string) => name.slice(0, 63).replace(/-+$/, '');

export function resourceOf(record: InstanceRecord): Resource {
  return {
    ref: record.identifier,
    attributes: {
      'Endpoint.Address': '127.0.0.1',
      'Endpoint.Port': String(record.cluster!.port),
      'Endpoint.HostedZoneId': 'ZLOCAL',
      DBInstanceArn: instanceArn(record.identifier),
      DbiResourceId: record.resourceId,
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: CloudFormation's properties
function settingsOf(properties: any, major: number): Settings {
  return {
    instanceClass: properties.DBInstanceClass ?? 'db.t4g.micro',
    allocatedStorage: Number(properties.AllocatedStorage ?? 20),
    storageType: properties.StorageType ?? 'gp3',
    parameterGroup: properties.DBParameterGroupName ?? `default.postgres${major}`,
    subnetGroup: properties.DBSubnetGroupName ?? 'default',
    securityGroups: properties.VPCSecurityGroups ?? [],
    multiAz: truth(properties.MultiAZ),
    publiclyAccessible: truth(properties.PubliclyAccessible),
    iamAuthentication: truth(properties.EnableIAMDatabaseAuthentication),
    deletionProtection: truth(properties.DeletionProtection),
    copyTagsToSnapshot: truth(properties.CopyTagsToSnapshot),
    backupRetentionDays: Number(properties.BackupRetentionPeriod ?? 1),
    storageEncrypted: truth(properties.StorageEncrypted),
    key: ownKey(properties.KmsKeyId),
    autoMinorVersionUpgrade: truth(properties.AutoMinorVersionUpgrade, true),
    iops: numeric(properties.Iops),
    storageThroughput: numeric(properties.StorageThroughput),
    logExports: properties.EnableCloudwatchLogsExports ?? [],
    maintenanceWindow: properties.PreferredMaintenanceWindow ?? UNSAID.maintenanceWindow,
    lifecycleSupport: properties.EngineLifecycleSupport ?? UNSAID.lifecycleSupport,
    maxAllocatedStorage: numeric(properties.MaxAllocatedStorage),
    insightsMode: properties.DatabaseInsightsMode ?? UNSAID.insightsMode,
    performanceInsights: truth(properties.EnablePerformanceInsights),
    performanceInsightsDays: numeric(properties.PerformanceInsightsRetentionPeriod),
    monitoringSeconds: numeric(properties.MonitoringInterval) ?? 0,
    monitoringRole: properties.MonitoringRoleArn,
    roles: properties.AssociatedRoles ?? [],
  };
}

export interface ResourcesParts {
  member: ResourceMaker;
  instances: Instances;
  parameterGroups: ParameterGroups;
  subnetGroups: SubnetGroups;
  binaries: () => Promise<Binaries>;
}

export function createResources({
  member,
  instances,
  parameterGroups,
  subnetGroups,
  binaries,
}: ResourcesParts) {
  const databaseInstance: ResourceMaker = async (properties, context) => {
    if (properties.DBClusterIdentifier !== undefined) return member(properties, context);
    const { name } = context;
    refuseProperties('AWS::RDS::DBInstance', properties, UNSUPPORTED);
    requireEngine(properties.Engine, 'postgres');
    const { MasterUsername, MasterUserPassword } = properties;
    if (!MasterUsername || !MasterUserPassword) {
      throw invalidValue('AWS::RDS::DBInstance needs MasterUsername and MasterUserPassword');
    }
    const installed = await binaries();
    const settings = settingsOf(properties, installed.major);
    checkStorage(settings);
    checkRetention(settings.backupRetentionDays);
    checkInsights(settings);
    checkMonitoring(settings);
    checkPassword(MasterUserPassword);
    // a missing group is found now, not when the server starts
    parameterGroups.parametersOf(settings.parameterGroup);
    subnetGroups.check(settings.subnetGroup);
    const { record, created } = instances.create({
      identifier: instanceIdentifier(properties.DBInstanceIdentifier ?? physicalName(name)),
      engineVersion: engineVersion(properties.EngineVersion, installed),
      masterUser: MasterUsername,
      masterPassword: MasterUserPassword,
      databaseName: text(properties.DBName),
      settings,
      tags: (properties.Tags as Tag[]) ?? [],
    });
    await created;
    return resourceOf(record);
  };

  const subnetGroup: ResourceMaker = (properties, { name }) => {
    const ref = (properties.DBSubnetGroupName ?? name).toLowerCase();
    subnetGroups.add(ref);
    return { ref, attributes: { DBSubnetGroupArn: arn('rds', `subgrp:${ref}`) } };
  };

  const parameterGroup: ResourceMaker = (properties, { name }) => {
    const group = (properties.DBParameterGroupName ?? name).toLowerCase();
    parameterGroups.add({
      name: group,
      family: properties.Family,
      description: properties.Description ?? '',
      parameters: Object.fromEntries(
        Object.entries(properties.Parameters ?? {}).map(([key, value]) => [key, String(value)]),
      ),
    });
    return { ref: group, attributes: { DBParameterGroupName: group, Arn: arn('rds', `pg:${group}`) } };
  };

  return {
    'AWS::RDS::DBInstance': databaseInstance,
    'AWS::RDS::DBSubnetGroup': subnetGroup,
    'AWS::RDS::DBParameterGroup': parameterGroup,
  };
}
