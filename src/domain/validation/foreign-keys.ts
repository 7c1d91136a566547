import { about, check, judgementOf } from './check';

export interface ForeignKeysSeen {
  /** "orders_product_id_fkey on public.orders", all of them. */
  names: string[];
  /** Rows without a parent, of those that are NOT VALID or were not there before. */
  orphans: Record<string, number>;
  notValid: string[];
}

/** A validated key whose rows have no parents was made with its triggers off; one NOT VALID may wait for a cleaning. */
export const foreignKeys = check<ForeignKeysSeen>({
  from: 'comprehensive',
  about: 'rows whose foreign keys point to rows that exist',
  afterRevert: true,
  compare(before, after) {
    const found = Object.entries(after.orphans).filter(([, count]) => count > 0);
    const said = (list: typeof found) => list.map(([name, count]) => `${name}: ${count} rows`);
    const excused = ([name, count]: (typeof found)[number]) => {
      // of a key that is new the rows are older than the migration
      const earlier = before.names.includes(name) ? (before.orphans[name] ?? 0) : count;
      return after.notValid.includes(name) && count <= earlier;
    };
    return judgementOf(
      {
        failed: about(said(found.filter((one) => !excused(one))), (list) => `rows without a parent: ${list}`),
        warnings: about(
          said(found.filter(excused)),
          (list) =>
            `rows without a parent behind a key that is NOT VALID: ${list}; mend them before VALIDATE`,
        ),
      },
      `${Object.keys(after.orphans).length} of ${after.names.length} keys counted, no row without a parent`,
    );
  },
});
