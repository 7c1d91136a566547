import { type Catalog, partitionsOf } from './catalog';
import type { Rule, Subject } from './knowledge/rule';
import { type AnalyseOptions, type Finding, type LockTaken, lockModes, type MigrationClass } from './types';

/** What is said about one thing that a statement does. */
export interface Verdict extends Omit<Finding, 'migration' | 'file' | 'line' | 'column' | 'statement'> {
  /** It takes longer the bigger the tables are, and one of them is big: what is locked meanwhile is locked for long. */
  long: boolean;
}

const BIG_ROWS = 100_000;
const BIG_BYTES = 100_000_000;

export const strength = ({ mode }: LockTaken): number => lockModes.indexOf(mode);
const STOPS_WRITES = lockModes.indexOf('SHARE');
const STOPS_READS = lockModes.indexOf('ACCESS EXCLUSIVE');

/** A table of the release itself, which nobody waits for. */
export function isNew(catalog: Catalog, relation: string, options: AnalyseOptions): boolean {
  const table = catalog.tables.get(relation);
  return table ? table.created === true : options.unknownTablesAreNew === true;
}

/** Big enough that reading it whole is noticed; what nobody has counted is. Of a partitioned table its partitions count. */
export function isBig(catalog: Catalog, relation: string, options: AnalyseOptions): boolean {
  const { rows, bytes, kind } = catalog.tables.get(relation) ?? {};
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

function classOf({ effect }: Rule, slow: boolean, touches: boolean): MigrationClass {
  if (effect.breaks === 'yes') return 'contract';
  if (effect.losesData) return 'irreversible';
  if (slow) return 'expand-slow';
  return touches || effect.breaks || effect.fails ? 'expand' : 'none';
}

const list = (names: string[]) => names.join(' and ');

/** The locks in PostgreSQL's words, each with what it is taken on. */
const taken = (locks: LockTaken[]) =>
  list(
    [...new Set(locks.map(({ mode }) => mode))].map(
      (mode) =>
        `${mode} on ${list(locks.filter((lock) => lock.mode === mode).map(({ relation }) => relation))}`,
    ),
  );

function consequence({ effect }: Rule, verdict: Omit<Verdict, 'message'>): string {
  const relations = list(verdict.locks.map(({ relation }) => relation));
  if (effect.fails && effect.breaks !== 'yes') return 'is refused by PostgreSQL';
  if (effect.inVain) return 'does nothing, and PostgreSQL says no word';
  if (verdict.class === 'expand-slow') {
    const who = verdict.blocksReads ? 'reads and writes' : 'writes';
    return `makes ${who} of ${relations} wait for as long as it takes`;
  }
  if (effect.breaks === 'yes') return 'breaks the running version';
  if (effect.losesData) return 'loses data';
  return verdict.blocksReads || verdict.blocksWrites
    ? `takes ${taken(verdict.locks)} briefly`
    : 'lets traffic through';
}

function sentence(rule: Rule, subject: Subject, verdict: Omit<Verdict, 'message'>): string {
  const because = rule.effect.breaks === 'no' ? undefined : rule.because?.(subject);
  const aside = verdict.breaksOldVersion === 'conditional' ? 'the running version may notice: ' : '';
  return `${rule.says(subject)} ${consequence(rule, verdict)}${because ? `; ${aside}${because}` : ''}`;
}

const unnoticed = (rule: Rule, subject: Subject, long: boolean): Verdict => ({
  class: 'none',
  locks: [],
  blocksReads: false,
  blocksWrites: false,
  rewrite: false,
  scan: false,
  breaksOldVersion: 'no',
  reversible: true,
  stops: false,
  harmsEveryVersion: false,
  long,
  rule: rule.id,
  message: `${rule.says(subject)} is safe: table ${subject.relation} is created in this release`,
  remedy: '',
});

/** A rule's judgement of a subject that it matches. */
export function judge(rule: Rule, subject: Subject, options: AnalyseOptions): Verdict {
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
  const waiting = waits(locks);
  const blocksWrites = (waiting.blocksWrites && !effect.nobodyWrites) || effect.locksRows === true;
  const slow = blocksWrites && grows;
  const kind = own && !(slow && long) ? 'expand' : classOf(rule, slow, locks.length > 0);
  const harmsEveryVersion = effect.fails === true || effect.inVain === true || (slow && long);
  const stops = kind === 'contract' || kind === 'irreversible' || harmsEveryVersion;
  const verdict = {
    class: kind,
    locks,
    blocksReads: waiting.blocksReads || effect.hidesIndex === true,
    blocksWrites,
    rewrite: effect.rewrite ?? false,
    scan: effect.scan ?? false,
    long,
    breaksOldVersion: effect.breaks ?? 'no',
    reversible: effect.reversible ?? true,
    stops,
    harmsEveryVersion,
    rule: rule.id,
    remedy: rule.remedy(subject),
  };
  return { ...verdict, message: sentence(rule, subject, verdict) };
}
