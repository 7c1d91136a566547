import { sizeText, upkeep } from './upkeep';

export interface SizeSeen {
  bytes: number;
  tables: number;
  indexes: number;
  /** As the planner estimates them. */
  rows: number;
}

export const size = upkeep<SizeSeen>({
  about: 'how large the database is',
  judge: ({ bytes, tables, indexes, rows }) => ({
    status: 'ok',
    detail: `${sizeText(bytes)}, ${tables} tables with some ${rows} rows, ${indexes} indexes`,
  }),
  figures: ({ bytes, tables, indexes, rows }) => ({
    'database, bytes': bytes,
    tables,
    indexes,
    'rows, estimated': rows,
  }),
});
