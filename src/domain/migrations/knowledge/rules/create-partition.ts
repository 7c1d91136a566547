import type { CreateStmt } from 'libpg-query';
import { made } from '../../names';
import { created, readToCreate } from '../partitions';
import { bare, rule } from '../rule';
import { checksLater } from '../wording';

export const createPartition = rule<CreateStmt>({
  id: 'create-partition',
  on: ['CreateStmt'],
  condition:
    'CREATE TABLE … PARTITION OF beside a default partition that no validated CHECK proves to be without its rows',
  matches: (s) => readToCreate(s).length > 0,
  effect: { locks: created, reads: readToCreate, scan: true },
  says: (s) => `reading ${readToCreate(s).join(' and ')} for rows that belong into ${s.relation}`,
  remedy: (s) => [
    'Let a validated CHECK say that the rows of the default partition lie outside of the bounds.',
    ...readToCreate(s)
      .slice(0, 1)
      .flatMap((rest) => checksLater(rest, made(bare(rest), 'outside', 'check'))),
    'Then create the partition.',
  ],
  unsafe: {
    sql: "CREATE TABLE events_2028 PARTITION OF events FOR VALUES FROM ('2028-01-01') TO ('2029-01-01')",
  },
  safe: {
    sql: "CREATE TABLE readings_2029 PARTITION OF readings FOR VALUES FROM ('2029-01-01') TO ('2030-01-01')",
  },
});
