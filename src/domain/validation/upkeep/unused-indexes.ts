import { about, judgementOf } from '../check';
import { sizeText, sum, upkeep } from './upkeep';

export interface UnusedIndexesSeen {
  /** For how long the server has counted what uses an index. */
  countedDays: number;
  /** The server is a standby, whose counts are its own. */
  standby: boolean;
  /** Standbys that read the same indexes and count by themselves. */
  standbys: number;
  /** schema.index: those that only queries need, and no query has used. */
  indexes: { name: string; bytes: number }[];
}

/** What only the end of a month needs is not unused. */
const OLD_DAYS = 30;

export const unusedIndexes = upkeep<UnusedIndexesSeen>({
  about: 'indexes that some query uses',
  judge({ countedDays, standby, standbys, indexes }) {
    if (standby)
      return {
        status: 'warning',
        detail: 'unseen: a standby counts its own queries, not those of the primary',
      };
    if (indexes.length > 0 && countedDays < OLD_DAYS)
      return {
        status: 'warning',
        detail: `unseen: the statistics are ${Math.floor(countedDays)} days old, and what is unused shows after ${OLD_DAYS}; ${indexes.length} indexes have not been used so far`,
      };
    const elsewhere =
      standbys > 0 ? `; ${standbys} standbys count their own queries: look there as well before` : '';
    return judgementOf(
      {
        warnings: about(
          indexes.map(({ name, bytes }) => `${name} (${sizeText(bytes)})`),
          (list) =>
            `no query has used ${list} for ${Math.floor(countedDays)} days; DROP INDEX CONCURRENTLY where nobody needs it${elsewhere}`,
        ),
      },
      'every index is used, or keeps a key',
    );
  },
  figures: ({ indexes }) => ({
    'unused indexes': indexes.length,
    'unused indexes, bytes': sum(indexes.map(({ bytes }) => bytes)),
  }),
});
