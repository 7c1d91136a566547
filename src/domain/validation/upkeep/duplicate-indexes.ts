import { about, judgementOf } from '../check';
import { sizeText, sum, upkeep } from './upkeep';

/** An index that another one makes superfluous. */
export interface DuplicateIndex {
  /** schema.index */
  name: string;
  /** The one that stays, schema.index. */
  of: string;
  bytes: number;
  /** The same; otherwise it is the beginning of the other. */
  same: boolean;
}

/** Each costs every write; what one answers, the other answers too. Source: PostgreSQL documentation, "Multicolumn Indexes". */
export const duplicateIndexes = upkeep<DuplicateIndex[]>({
  about: 'indexes that no other one makes superfluous',
  judge(found) {
    const said = (same: boolean) =>
      found
        .filter((one) => one.same === same)
        .map(({ name, of, bytes }) => `${name} (${sizeText(bytes)}) by ${of}`);
    return judgementOf(
      {
        warnings: [
          ...about(
            said(true),
            (list) => `made superfluous by the same index: ${list}; DROP INDEX CONCURRENTLY`,
          ),
          ...about(
            said(false),
            (list) =>
              `made superfluous by an index that begins with its columns: ${list}; drop it unless it is much smaller`,
          ),
        ],
      },
      'no index repeats another',
    );
  },
  figures: (found) => ({
    'duplicate indexes': found.length,
    'duplicate indexes, bytes': sum(found.map(({ bytes }) => bytes)),
  }),
});
