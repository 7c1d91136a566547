import { aboutData, type DataRecord } from '../database/row-record';
import type { Seeds } from '../settings/seeds-schema';
import { about, type Judgement, judgementOf } from '../validation/check';

/**
 * Whether the seeds can run again, told by what the database shows before and after their runs. PostgreSQL counts who wrote to a table
 * for all sessions together, and a row says of which transaction it is and not of which session: of a table to which others write
 * meanwhile nothing can be told. Who they are shows while no seed runs.
 */

/** The database around a run. */
export interface SeedsLook {
  fingerprint: string;
  data: DataRecord;
  /** How often was written to each table whose rows are not compared. */
  writes: Record<string, string>;
}

/** Why the database could not be looked at. */
export interface Unseen {
  unseen: string;
}

/** A table whose rows are others than before; null where it is not there. */
export interface TableChange {
  table: string;
  before: string | null;
  after: string | null;
}
export interface RowsChanged {
  changed: TableChange[];
  /** Tables too large to be compared that were written to. */
  large: string[];
}

const tablesOf = ({ data }: SeedsLook) => [...Object.keys(data.tables), ...data.unseen];

/** Tables whose rows are not compared: only counted, or not looked at. */
export const uncompared = (data: DataRecord): string[] => [
  ...Object.keys(data.tables).filter((table) => data.tables[table]?.sum === null),
  ...data.unseen,
];

/** Tables of which the counts of writes differ. */
export const written = (before: Record<string, string>, after: Record<string, string>): string[] =>
  Object.keys(before).filter((table) => table in after && before[table] !== after[table]);

export function rowsChanged(before: SeedsLook, after: SeedsLook): RowsChanged {
  const names = new Set([...tablesOf(before), ...tablesOf(after)]);
  const changed = [...names].sort().flatMap((table): TableChange[] => {
    const [one, other] = [before.data.tables[table], after.data.tables[table]];
    const rows = { table, before: one?.rows ?? null, after: other?.rows ?? null };
    if (!one || !other) {
      const unseen = [before, after].some(({ data }) => data.unseen.includes(table));
      return unseen ? [] : [rows];
    }
    const summed = one.sum !== null && other.sum !== null;
    return one.rows !== other.rows || (summed && one.sum !== other.sum) ? [rows] : [];
  });
  const known = changed.map(({ table }) => table);
  return { changed, large: written(before.writes, after.writes).filter((table) => !known.includes(table)) };
}

const count = (rows: string | null) => (rows === null ? 'none' : rows);
const changeText = ({ table, before, after }: TableChange) =>
  `${table} (${before === after ? `${count(after)} rows, not all as before` : `${count(before)} → ${count(after)} rows`})`;

/** What the second run has shown. */
export interface SecondRun extends RowsChanged {
  /** Tables that were written to while no seed ran. */
  others: string[];
  /** Why it has not ended well; undefined where it has. */
  failed?: string;
  /** The schema is another than before the first run. */
  schema: boolean;
  /** What the first run changed. */
  first: RowsChanged;
  data: DataRecord;
}

/** What is said of the seeds once it is known. */
export function judgeSeeds(
  { changed, large, others, failed, schema, first, data }: SecondRun,
  onChange: Seeds['onChange'],
): Judgement {
  const foreign = changed.filter(({ table }) => others.includes(table));
  const own = changed.filter((change) => !foreign.includes(change));
  const not = [
    ...(failed ? [`a second run of the seeds failed: ${failed}`] : []),
    ...(schema ? ['the seeds changed the schema, which is left to migrations'] : []),
    ...about(
      own.map(changeText),
      (tables) =>
        `a second run of the seeds changed ${tables}, and nobody else was seen to write there: write what is there already with ON CONFLICT, or not at all`,
    ),
  ];
  const unknown = [
    ...about(
      foreign.map(({ table }) => table),
      (tables) =>
        `others write to ${tables}, so it is not known what a second run of the seeds changed there`,
    ),
    ...about(
      large,
      (tables) =>
        `${tables} was written to and is larger than seeds.compareBytes allows to compare, so it is not known what a second run of the seeds changed there`,
    ),
  ];
  return judgementOf(
    onChange === 'stop' ? { failed: not, warnings: unknown } : { warnings: [...not, ...unknown] },
    [`a second run changed nothing (${aboutData(data)})`, ...firstText(first)].join('; '),
  );
}

/** What the first run is said to have done. */
const firstText = ({ changed }: RowsChanged): string[] =>
  about(changed.map(changeText), (tables) => `while the first ran ${tables} changed`);

/** A run that changed nothing shows that another one changes nothing either; undefined where it changed something. */
export function idle(before: SeedsLook, after: SeedsLook): Judgement | undefined {
  const { changed, large } = rowsChanged(before, after);
  const same = before.fingerprint === after.fingerprint;
  return changed.length === 0 && large.length === 0 && same
    ? judgementOf({}, `the seeds changed nothing, so they can run again (${aboutData(after.data)})`)
    : undefined;
}

/** Why nothing is known of the seeds. */
export const unproven = (why: string): Judgement =>
  judgementOf({ warnings: [`it is not known whether the seeds can run again: ${why}`] }, '');

const SHORTEST = 30;
const LONGEST = 300;
/** For how long is looked who else writes to what a second run has changed: for as long as that run took, within bounds. */
export const othersSeconds = (ranSeconds: number): number =>
  Math.ceil(Math.min(Math.max(ranSeconds, SHORTEST), LONGEST));

/** How far the seeds of a deployment came. `idle`: their first run changed nothing, so that what is there is of an earlier release. */
export type SeedsRun = 'none' | 'idle' | 'begun';

/** What is known of their first run: one that nobody could look at, or that has not ended, counts as one that wrote. */
export function seedsRun(
  asked: boolean,
  before: SeedsLook | Unseen | undefined,
  first: SeedsLook | Unseen | undefined,
): SeedsRun {
  if (!asked) return 'none';
  if (!before || !first || 'unseen' in before || 'unseen' in first) return 'begun';
  return idle(before, first) ? 'idle' : 'begun';
}

/** What a rollback does about seeds. */
export function seedsBack(
  run: SeedsRun,
  { revertCommand }: Pick<Seeds, 'revertCommand'>,
  tried: { ok: boolean; cause: string } | undefined,
): { take: boolean; said: string[] } {
  if (run === 'none') return { take: false, said: [] };
  if (run === 'idle') return { take: false, said: ['the seeds had changed nothing'] };
  if (tried?.ok) return { take: false, said: ['the seeds were taken back'] };
  if (tried) return { take: false, said: [`the seeds stay, because ${tried.cause}`] };
  if (revertCommand.length === 0)
    return { take: false, said: ['what the seeds have written stays: seeds.revertCommand is empty'] };
  return { take: true, said: ['the seeds are taken back first'] };
}
