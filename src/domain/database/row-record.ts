import { shown } from '../text/printable';

/** What is known of a database's rows at one moment: counts and checksums, never a value. */
export interface DataRecord {
  /** By qualified name; `sum` is null where rows were only counted. Both are decimal numbers too large for a double. */
  tables: Record<string, { rows: string; sum: string | null }>;
  /**
   * How far each sequence has come in the direction of its increment; null when it was never asked, and for one that begins
   * again at its end.
   */
  sequences: Record<string, string | null>;
  /** Tables too large to look at. */
  unseen: string[];
  /** Transactions that are prepared and not ended, by their id, with the tables that they have locked. */
  prepared?: { id: string; tables: string[]; locksAll: string[] }[];
}

/** How a table is looked at. */
export type Looked = 'compared' | 'counted' | 'unseen';

/** Counting rows is about ten times as fast as reading them whole. */
const COUNTING = 10;

/** Small tables first, until the allowance is used up: counted in rows compared, then in rows counted. */
export function allot(tables: { name: string; bytes: number }[], compareBytes: number): Map<string, Looked> {
  const looked = new Map<string, Looked>();
  let read = 0;
  let counted = 0;
  for (const { name, bytes } of [...tables].sort((one, other) => one.bytes - other.bytes)) {
    if (read + bytes <= compareBytes) {
      read += bytes;
      looked.set(name, 'compared');
    } else if (counted + bytes <= COUNTING * compareBytes) {
      counted += bytes;
      looked.set(name, 'counted');
    } else looked.set(name, 'unseen');
  }
  return looked;
}

/** How much of it was looked at, for people. */
export function aboutData({ tables, unseen, prepared = [] }: DataRecord): string {
  const closed = prepared.flatMap(({ locksAll }) => locksAll);
  const compared = Object.values(tables).filter(({ sum }) => sum !== null).length;
  const counted = Object.values(tables).length - compared;
  return [
    `${compared} tables are compared row by row`,
    ...(counted > 0 ? [`${counted} larger ones by their number of rows`] : []),
    ...(unseen.length > 0 ? [`too large to look at: ${unseen.join(', ')}`] : []),
    ...prepared.map(
      ({ id, tables }) =>
        `the prepared transaction ${shown(id)} goes on holding its locks${tables.length > 0 ? ` on ${tables.join(', ')}` : ''} until somebody ends it`,
    ),
    ...(closed.length > 0 ? [`not looked at, because one has locked them: ${closed.join(', ')}`] : []),
  ].join(', ');
}

const SHOWN = 10;

/**
 * Why the rows are not those of before; undefined when they are. A sequence may be ahead: PostgreSQL takes numbers in
 * advance, and a restored one goes on beyond them. Source: PostgreSQL documentation, "Sequence Manipulation Functions".
 */
export function dataProblem(before: DataRecord, now: DataRecord): string | undefined {
  const problems = Object.entries(before.tables).flatMap(([name, { rows, sum }]) => {
    const there = now.tables[name];
    if (!there) return [`${name} is missing`];
    if (there.rows !== rows) return [`${name} has ${there.rows} rows instead of ${rows}`];
    return sum !== null && there.sum !== sum ? [`rows of ${name} differ`] : [];
  });
  for (const [name, last] of Object.entries(before.sequences)) {
    const there = now.sequences[name];
    if (there === undefined) problems.push(`sequence ${name} is missing`);
    else if (last !== null && (there === null || BigInt(there) < BigInt(last)))
      problems.push(`sequence ${name} is behind`);
  }
  if (problems.length === 0) return undefined;
  const more = problems.length > SHOWN ? ` and ${problems.length - SHOWN} more` : '';
  return `the data is not what it was before: ${problems.slice(0, SHOWN).join(', ')}${more}`;
}
