import { about, judgementOf } from '../check';
import { sizeText, sum, upkeep } from './upkeep';

export interface BloatSeen {
  /** Tables and indexes, schema.name, with how large they are and how much of it holds nothing, as an estimate. */
  relations: { name: string; bytes: number; wasted: number }[];
  /** schema.table of tables without statistics, or whose statistics the role may not read. */
  unseen: string[];
}

/** Less is not worth writing a table anew. */
const WASTED_BYTES = 4 * 1024 ** 2;
const WASTED_SHARE = 0.5;

export const bloat = upkeep<BloatSeen>({
  about: 'tables and indexes without much that holds nothing',
  judge({ relations, unseen }) {
    const found = relations.filter(
      ({ bytes, wasted }) => wasted >= WASTED_BYTES && wasted / bytes >= WASTED_SHARE,
    );
    return judgementOf(
      {
        warnings: [
          ...about(
            found.map(
              ({ name, bytes, wasted }) =>
                `${name} (some ${Math.round((wasted / bytes) * 100)} % of ${sizeText(bytes)})`,
            ),
            (list) =>
              `estimated to hold nothing: ${list}; see that autovacuum gets to it, REINDEX INDEX CONCURRENTLY, or pg_repack`,
          ),
          ...about(
            unseen,
            (list) => `unseen: ${list}, without statistics that the role may read; ANALYZE, or GRANT SELECT`,
          ),
        ],
      },
      `some ${sizeText(sum(relations.map(({ wasted }) => wasted)))} hold nothing`,
    );
  },
  figures: ({ relations }) => ({
    'holds nothing, bytes, estimated': sum(relations.map(({ wasted }) => wasted)),
  }),
});
