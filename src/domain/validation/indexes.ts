import { about, check, judgementOf, since } from './check';

export interface IndexesSeen {
  /** schema.index of indexes that no query uses; those being built are left out. */
  invalid: string[];
}

/** A concurrent build that failed leaves an index that costs every write and helps no query. Source: PostgreSQL documentation, CREATE INDEX. */
export const indexes = check<IndexesSeen>({
  from: 'standard',
  about: 'indexes that queries can use',
  afterRevert: true,
  compare(before, after) {
    const { added, stayed } = since(before.invalid, after.invalid);
    return judgementOf(
      {
        failed: about(
          added,
          (names) => `indexes ${names} are invalid; DROP INDEX CONCURRENTLY, then build again`,
        ),
        warnings: about(stayed, (names) => `indexes ${names} are invalid since before`),
      },
      'every index is valid',
    );
  },
});
