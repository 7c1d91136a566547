import type { RDS } from '@aws-sdk/client-rds';
import type { Operations } from '../../service';
import { memberSnapshot } from './faults';
import { filterOf, SNAPSHOT_FILTERS } from './filters';
import { nameOf, snapshotIdentifier } from './identifiers';
import type { Instances } from './instances';
import { page } from './page';
import { describeSnapshot } from './records';
import type { Snapshots } from './snapshots';

export function createSnapshotOperations(instances: Instances, snapshots: Snapshots): Operations<RDS> {
  return {
    /** Answers at once; the backup goes on and DescribeDBSnapshots tells how far it is. */
    CreateDBSnapshot: ({ DBSnapshotIdentifier, DBInstanceIdentifier, Tags = [] }) => {
      const identifier = snapshotIdentifier(DBSnapshotIdentifier);
      // before the instance's state: a repeated call finds it backing up because of the first one
      snapshots.requireNew(identifier);
      const source = instances.free(DBInstanceIdentifier);
      if (source.member) throw memberSnapshot();
      return { DBSnapshot: describeSnapshot(snapshots.create(identifier, source, Tags)) };
    },

    DescribeDBSnapshots: async (input) => {
      const all = input.DBSnapshotIdentifier
        ? [snapshots.find(input.DBSnapshotIdentifier)]
        : [...snapshots.records.values()];
      const source = input.DBInstanceIdentifier && nameOf(input.DBInstanceIdentifier);
      const wanted = filterOf(SNAPSHOT_FILTERS, input.Filters);
      const found = all
        .filter((record) => source === undefined || record.sourceIdentifier === source)
        .filter(
          (record) => input.DbiResourceId === undefined || record.source.resourceId === input.DbiResourceId,
        )
        .filter(() => input.SnapshotType === undefined || input.SnapshotType === 'manual')
        .filter(wanted);
      await Promise.all(found.map((record) => snapshots.refresh(record)));
      const { items, marker } = page(found, input);
      return { DBSnapshots: items.map(describeSnapshot), Marker: marker };
    },

    DeleteDBSnapshot: async ({ DBSnapshotIdentifier }) => {
      const record = snapshots.find(DBSnapshotIdentifier);
      await snapshots.remove(record);
      return { DBSnapshot: { ...describeSnapshot(record), Status: 'deleted' } };
    },
  };
}
