import { about, check, judgementOf } from './check';

export interface StatisticsSeen {
  /** schema.table of tables whose statistics were gathered anew, as the server confirms. */
  analysed: string[];
  skipped: { table: string; because: string }[];
}

/** A table that changed is planned for by what it was, until it is analysed. Source: PostgreSQL documentation, ANALYZE. */
export const statistics = check<StatisticsSeen>({
  from: 'comprehensive',
  about: 'fresh statistics of the tables that changed',
  alone: true,
  compare: (_before, { analysed, skipped }) =>
    judgementOf(
      {
        warnings: about(
          skipped.map(({ table, because }) => `${table} (${because})`),
          (list) => `not analysed: ${list}`,
        ),
      },
      about(analysed, (list) => `analysed ${list}`)[0] ?? 'no table changed',
    ),
});
