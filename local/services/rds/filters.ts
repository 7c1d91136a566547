import type { Filter } from '@aws-sdk/client-rds';
import type { DbClusterRecord, DbClusterSnapshotRecord } from './db-cluster-records';
import { invalidValue } from './faults';
import { nameOf } from './identifiers';
import type { InstanceRecord, SnapshotRecord } from './records';

/** What each filter of an operation looks at; there is none for tags, which every answer lists. */
export type Filters<Item> = Record<string, (record: Item, value: string) => boolean>;

export const INSTANCE_FILTERS: Filters<InstanceRecord> = {
  'db-cluster-id': ({ member }, value) => member?.of.identifier === nameOf(value),
  'db-instance-id': ({ identifier }, value) => identifier === nameOf(value),
  'dbi-resource-id': ({ resourceId }, value) => resourceId === value,
  engine: ({ member }, value) => value === (member ? 'aurora-postgresql' : 'postgres'),
};

export const SNAPSHOT_FILTERS: Filters<SnapshotRecord> = {
  'db-instance-id': ({ sourceIdentifier }, value) => sourceIdentifier === nameOf(value),
  'db-snapshot-id': ({ identifier }, value) => identifier === nameOf(value),
  'dbi-resource-id': ({ source }, value) => source.resourceId === value,
  'snapshot-type': (_, value) => value === 'manual',
  engine: (_, value) => value === 'postgres',
};

export const DB_CLUSTER_FILTERS: Filters<DbClusterRecord> = {
  'db-cluster-id': ({ identifier }, value) => identifier === nameOf(value),
  'db-cluster-resource-id': ({ resourceId }, value) => resourceId === value,
  engine: (_, value) => value === 'aurora-postgresql',
};

export const DB_CLUSTER_SNAPSHOT_FILTERS: Filters<DbClusterSnapshotRecord> = {
  'db-cluster-id': ({ sourceIdentifier }, value) => sourceIdentifier === nameOf(value),
  'db-cluster-snapshot-id': ({ identifier }, value) => identifier === nameOf(value),
  'snapshot-type': (_, value) => value === 'manual',
  engine: (_, value) => value === 'aurora-postgresql',
};

/** Whether a record passes all filters: one of each filter's values must fit. Throws InvalidParameterValue. */
export function filterOf<Item>(
  known: Filters<Item>,
  filters: readonly Filter[] = [],
): (record: Item) => boolean {
  const tests = filters.map(({ Name, Values = [] }) => {
    const fits = known[Name ?? ''];
    if (!fits) throw invalidValue(`Unrecognized filter name: ${Name}`);
    return (record: Item) => Values.some((value) => fits(record, value));
  });
  return (record) => tests.every((test) => test(record));
}
