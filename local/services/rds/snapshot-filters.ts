import type { Filter } from '@aws-sdk/client-rds';
import { invalidValue } from './faults';
import { nameOf } from './identifiers';
import type { SnapshotRecord } from './records';

/** What each filter of DescribeDBSnapshots looks at; there is none for tags, which every answer lists. */
const FILTERS: Record<string, (record: SnapshotRecord, value: string) => boolean> = {
  'db-instance-id': ({ sourceIdentifier }, value) => sourceIdentifier === nameOf(value),
  'db-snapshot-id': ({ identifier }, value) => identifier === nameOf(value),
  'dbi-resource-id': ({ source }, value) => source.resourceId === value,
  'snapshot-type': (_, value) => value === 'manual',
  engine: (_, value) => value === 'postgres',
};

/** Whether a snapshot passes all filters: one of each filter's values must fit. Throws InvalidParameterValue. */
export function filterOf(filters: readonly Filter[] = []): (record: SnapshotRecord) => boolean {
  const tests = filters.map(({ Name, Values = [] }) => {
    const fits = FILTERS[Name ?? ''];
    if (!fits) throw invalidValue(`Unrecognized filter name: ${Name}`);
    return (record: SnapshotRecord) => Values.some((value) => fits(record, value));
  });
  return (record) => tests.every((test) => test(record));
}
