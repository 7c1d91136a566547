import { type Catalog, EVERY_TABLE, partitionsOf } from './catalog';
import type { Rule, Subject } from './knowledge/rule';
import { type AnalyseOptions, type Finding, type LockTaken, lockModes, type MigrationClass } from './types';

type Place = 'migration' | 'file' | 'line' | 'column' | 'statement';

/** What is said about one thing that a statement does. */
export interface Assessment extends Omit<Finding, Place | 'message' | 'remedy'> {
  /** It takes longer the bigger the tables are, and one of them is big: what is locked meanwhile is locked for long. */
  long: boolean;
  text: AssessmentText;
}

/** The message and the remedy of a finding in their parts, until all is known that they say. */
export interface AssessmentText {
  /** Somebody waits for as long as it takes. */
  slow: boolean;
  /** Locks of others than itself that somebody waits for meanwhile, and whose they are. */
  under?: { locks: LockTaken[]; cause: string };
  /** The statement in words: "dropping note of public.orders". */
  act: string;
  /** What it does beside letting wait: "breaks the live version". */
  harms: string[];
  /** What it does where it does no harm and that is not told by its locks. */
  harmless?: string;
  /** What the live version notices, as it follows in the text; empty when nothing. */
  notice: string;
  /** Lines of what to do instead; empty when nothing is to be done. */
  remedy: string[];
}

const BIG_ROWS = 100_000;
const BIG_BYTES = 100_000_000;

export const strength = ({ mode }: LockTaken): number => lockModes.indexOf(mode);
const STOPS_WRITES = lockModes.indexOf('SHARE');
const STOPS_READS = lockModes.indexOf('ACCESS EXCLUSIVE');

/** A table of the release itself, which nobody waits for. */
export function isNew(catalog: Catalog, relation: string, options: AnalyseOptions): boolean {
  const table = catalog.tables.get(relation);
  return table && !table.unseen ? table.created === true : options.unknownTablesAreNew === true;
}

/** Big enough that reading it whole is noticed; what nobody has counted is. Of a partitioned table its partitions count. */
export function isBig(catalog: Catalog, relation: string, options: AnalyseOptions): boolean {
  const { rows, bytes, kind } = catalog.tables.get(relation) ?? {};
  if (relation === EVERY_TABLE && catalog.live)
    return [...catalog.tables].some(
      ([name, { kind: each }]) =>
        (each === 'table' || each === 'materialized') && isBig(catalog, name, options),
    );
  if (kind === 'partitioned' && catalog.live)
    return partitionsOf(catalog, relation).some(
      (part) => part.kind !== 'partitioned' && isBig(catalog, part.name, options),
    );
  if (rows === undefined && bytes === undefined) return true;
  return (rows ?? 0) >= (options.bigRows ?? BIG_ROWS) || (bytes ?? 0) >= (options.bigBytes ?? BIG_BYTES);
}

/** The strongest lock on each relation, in the order in which they are first taken. */
export function strongest(locks: LockTaken[]): LockTaken[] {
  const byRelation = new Map<string, LockTaken>();
  for (const lock of locks) {
    const before = byRelation.get(lock.relation);
    if (!before || strength(before) < strength(lock)) byRelation.set(lock.relation, lock);
  }
  return [...byRelation.values()];
}

export const waits = (locks: LockTaken[]) => ({
  blocksReads: locks.some((lock) => strength(lock) >= STOPS_READS),
  blocksWrites: locks.some((lock) => strength(lock) >= STOPS_WRITES),
});

/** Others write it than who fills it anew: a materialized view has readers alone, who wait for the strongest lock. */
const isWritten = (catalog: Catalog, { relation, mode }: LockTaken): boolean =>
  catalog.tables.get(relation)?.kind !== 'materialized' || mode === 'ACCESS EXCLUSIVE';

function classOf({ effect }: Rule, slow: boolean, touches: boolean): MigrationClass {
  if (effect.breaks === 'yes') return 'contract';
  if (effect.losesData) return 'irreversible';
  if (slow) return 'expand-slow';
  return touches || effect.breaks || effect.fails ? 'expand' : 'none';
}

function harmsOf({ effect }: Rule, kind: MigrationClass): string[] {
  if (effect.fails) return ['is refused by PostgreSQL, so the migration fails'];
  if (effect.inVain) return ['does nothing, and PostgreSQL gives no error'];
  return [
    ...(effect.losesData && (kind === 'contract' || kind === 'irreversible') ? ['loses data'] : []),
    ...(kind === 'contract' ? ['breaks the live version'] : []),
  ];
}

function noticeOf(rule: Rule, subject: Subject, kind: MigrationClass): string {
  const because = rule.effect.fails ? undefined : rule.because?.(subject);
  if (because === undefined) return '';
  return kind === 'contract' || kind === 'irreversible'
    ? `: ${because}`
    : `. The live version may notice: ${because}`;
}

const unnoticed = (rule: Rule, subject: Subject, long: boolean): Assessment => ({
  class: 'none',
  locks: [],
  blocksReads: false,
  blocksWrites: false,
  rewrite: false,
  scan: false,
  breaksLiveVersion: 'no',
  reversible: true,
  stops: false,
  harmsEveryVersion: false,
  refused: false,
  long,
  rule: rule.id,
  text: {
    slow: false,
    act: rule.says(subject),
    harms: [],
    harmless: `is safe: table ${subject.relation} is created in this release`,
    notice: '',
    remedy: [],
  },
});

/** The beginning and the end of what is said of effects that are not known. */
export const untold = (what: string) => ({
  act: 'running this',
  harmless: `has effects that nobody can tell: ${what}`,
});

/** A rule's assessment of a subject that it matches. */
export function assess(rule: Rule, subject: Subject, options: AnalyseOptions): Assessment {
  const { catalog, relation } = subject;
  const { effect } = rule;
  const locks = strongest(effect.locks(subject)).filter((lock) => !isNew(catalog, lock.relation, options));
  const own = relation !== '' && isNew(catalog, relation, options);
  const grows = Boolean(effect.rewrite || effect.scan || effect.slow);
  const big = (effect.reads?.(subject) ?? locks.map((lock) => lock.relation)).some(
    (read) =>
      (catalog.tables.get(read)?.copied || !isNew(catalog, read, options)) && isBig(catalog, read, options),
  );
  // a table of the release itself is read in no time, unless it is filled from another one
  const long = grows && big && (!own || effect.reads !== undefined);
  if (own && locks.length === 0 && !effect.fails) return unnoticed(rule, subject, long);
  const written = locks.some((lock) => waits([lock]).blocksWrites && isWritten(catalog, lock));
  const blocksWrites = (written && !effect.nobodyWrites) || effect.locksRows === true;
  const slow = blocksWrites && grows;
  const uncounted = effect.uncounted === true && big && !own;
  const kind = own && !(slow && long) ? 'expand' : classOf(rule, slow, locks.length > 0);
  const harmsEveryVersion = effect.fails === true || effect.inVain === true || (slow && long);
  const stops = kind === 'contract' || kind === 'irreversible' || harmsEveryVersion;
  return {
    class: uncounted ? 'opaque' : kind,
    locks,
    blocksReads: waits(locks).blocksReads || effect.hidesIndex === true,
    blocksWrites,
    rewrite: effect.rewrite ?? false,
    scan: effect.scan ?? false,
    long,
    breaksLiveVersion: effect.breaks ?? 'no',
    reversible: effect.reversible ?? true,
    stops,
    harmsEveryVersion,
    refused: effect.fails === true,
    rule: rule.id,
    text: {
      slow,
      ...(uncounted ? untold(rule.says(subject)) : { act: rule.says(subject) }),
      harms: harmsOf(rule, kind),
      notice: noticeOf(rule, subject, kind),
      remedy: rule.remedy?.(subject) ?? [],
    },
  };
}
