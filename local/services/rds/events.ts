import type { CloudEvent } from '../../service';
import type { DbClusterRecord, DbClusterSnapshotRecord } from './db-cluster-records';
import { dbClusterArn, dbClusterSnapshotArn, instanceArn, snapshotArn } from './identifiers';
import type { InstanceRecord, SnapshotRecord } from './records';

const event = (kind: string, sourceType: string, identifier: string, sourceArn: string) => {
  return (eventId: string, category: string, message: string): CloudEvent => ({
    source: 'aws.rds',
    detailType: `RDS ${kind} Event`,
    resources: [sourceArn],
    detail: {
      EventID: eventId,
      EventCategories: [category],
      SourceType: sourceType,
      SourceIdentifier: identifier,
      SourceArn: sourceArn,
      Message: message,
    },
  });
};

export const instanceEvent = (
  { identifier }: InstanceRecord,
  eventId: string,
  category: string,
  message: string,
) => event('DB Instance', 'DB_INSTANCE', identifier, instanceArn(identifier))(eventId, category, message);

export const snapshotEvent = (
  { identifier }: SnapshotRecord,
  eventId: string,
  category: string,
  message: string,
) => event('DB Snapshot', 'SNAPSHOT', identifier, snapshotArn(identifier))(eventId, category, message);

export const dbClusterEvent = (
  { identifier }: DbClusterRecord,
  eventId: string,
  category: string,
  message: string,
) => event('DB Cluster', 'CLUSTER', identifier, dbClusterArn(identifier))(eventId, category, message);

/** Source: Amazon Aurora User Guide, "Amazon RDS event categories and event messages for Aurora", DB cluster snapshot events. */
export const dbClusterSnapshotEvent = (
  { identifier }: DbClusterSnapshotRecord,
  eventId: string,
  message: string,
) =>
  event(
    'DB Cluster Snapshot',
    'CLUSTER_SNAPSHOT',
    identifier,
    dbClusterSnapshotArn(identifier),
  )(eventId, 'backup', message);
