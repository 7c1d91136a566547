import { about, judgementOf } from '../check';
import { upkeep } from './upkeep';

export interface KeylessTablesSeen {
  /** schema.table */
  tables: string[];
}

/** A row that nothing tells from another is neither mended nor replicated. Source: PostgreSQL documentation, "Logical Replication", Publication. */
export const keylessTables = upkeep<KeylessTablesSeen>({
  about: 'tables with a key',
  judge: ({ tables }) =>
    judgementOf(
      {
        warnings: about(
          tables,
          (list) =>
            `no primary key, and no unique index on columns that are NOT NULL: ${list}; logical replication and RDS blue/green updates refuse their UPDATE and DELETE`,
        ),
      },
      'every table has a key',
    ),
  figures: ({ tables }) => ({ 'tables without a key': tables.length }),
});
