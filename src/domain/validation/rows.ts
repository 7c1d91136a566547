import { about, check, judgementOf } from './check';

export interface TableRows {
  /** schema.table */
  table: string;
  rows: number;
  /** The statistics know of rows deleted from it: the application does that too. */
  deletes: boolean;
}

/** Of a table that the application deletes from, more than this share gone is not the application's doing. */
const OWN_DELETIONS = 0.01;

/** Users write on while migrations run: growth is theirs, a loss is not unless they delete as well. */
export const rows = check<TableRows[]>({
  from: 'comprehensive',
  about: 'no rows lost from the tables that the migrations touch',
  afterRevert: true,
  compare(before, after) {
    const now = new Map(after.map((one) => [one.table, one.rows]));
    const gone = before.filter(({ table }) => !now.has(table)).map(({ table }) => table);
    const fewer = before.filter(({ table, rows: then }) => (now.get(table) ?? then) < then);
    const own = ({ table, rows: then, deletes }: TableRows) =>
      deletes && then - now.get(table)! <= then * OWN_DELETIONS;
    const said = (list: TableRows[]) =>
      list.map(({ table, rows: then }) => `${table} has ${now.get(table)} rows where it had ${then}`);
    return judgementOf(
      {
        failed: about(
          said(fewer.filter((one) => !own(one))),
          (list) =>
            `rows are lost: ${list}; if they were meant to go, ask again with "validation": "standard"`,
        ),
        warnings: [
          ...about(
            said(fewer.filter(own)),
            (list) => `fewer rows, of which the application deletes some itself: ${list}`,
          ),
          ...about(gone, (list) => `no longer there: ${list}`),
        ],
      },
      before.length === 0
        ? 'the migrations touch no table that was there'
        : `none lost from ${before
            .map(({ table }) => `${table} (${now.get(table)})`)
            .slice(0, 5)
            .join(', ')}`,
    );
  },
});
