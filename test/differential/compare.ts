import { type Finding, type LockTaken, lockModes } from '../../src/domain/migrations/types';
import type { Broken, Measured } from './measure';

/** What a disagreement costs whoever believed it. */
export type Price = 'unsafe' | 'refused' | 'false stop';

export interface Disagreement {
  price: Price;
  /** What was said and what was seen, in one line. */
  what: string;
  /** Disagreements of one kind have it in common. */
  kind: string;
}

const SHARE = lockModes.indexOf('SHARE');
const EXCLUSIVE = lockModes.indexOf('ACCESS EXCLUSIVE');
const strength = ({ mode }: LockTaken) => lockModes.indexOf(mode);

/** How many a lock keeps out: readers and writers, writers, nobody. */
const keepsOut = (level: number) => (level >= EXCLUSIVE ? 2 : level >= SHARE ? 1 : 0);

/** A lock that keeps more people out than was said. */
function unnamed(findings: readonly Finding[], { locks }: Measured): LockTaken | undefined {
  const said = new Map<string, number>();
  for (const finding of findings) {
    for (const lock of finding.locks)
      said.set(lock.relation, Math.max(said.get(lock.relation) ?? 0, strength(lock)));
    // a table whose index is locked keeps its readers out by itself
    if (finding.blocksReads) for (const { relation } of finding.locks) said.set(relation, EXCLUSIVE);
  }
  return locks.find((lock) => keepsOut(strength(lock)) > keepsOut(said.get(lock.relation) ?? 0));
}

/**
 * Which functions a version calls, which types it casts to, which values it writes and which rows it deletes is in its code
 * alone: that it may is all that can be said. Not so where a foreign key took the children along that another one holds back.
 */
const isCall = ({ statement, error }: Broken, findings: readonly Finding[]) =>
  /^SELECT (?:"[^"]*"|[^ "])+\(.*\)$/.test(statement) ||
  /^(42704|23505|23514|23P01)/.test(error) ||
  (/^(23001|23503)/.test(error) &&
    !findings.some(({ statement: text }) => /\bDROP CONSTRAINT\b/i.test(text)));

const rulesOf = (findings: readonly Finding[]) => [...new Set(findings.map(({ rule }) => rule))].join('+');

/** Whether what was said of a script is what PostgreSQL did; undefined when it is. */
export function compare(findings: readonly Finding[], measured: Measured): Disagreement | undefined {
  const stops = findings.some((finding) => finding.stops);
  const opaque = findings.some((finding) => finding.class === 'opaque');
  const rules = rulesOf(findings);
  const disagree = (price: Price, what: string, kind: string): Disagreement => ({
    price,
    what,
    kind: `${price} ${rules} ${kind}`,
  });
  if (measured.refused !== undefined)
    return stops || opaque ? undefined : disagree('refused', measured.refused, measured.refused.slice(0, 5));
  const breaks = findings.some(({ breaksLiveVersion }) => breaksLiveVersion !== 'no');
  const plain = measured.broken.find((one) => !one.prepared && !(breaks && isCall(one, findings)));
  const prepared = measured.broken.find((one) => one.prepared);
  if (stops) {
    const harm = measured.blocks ?? measured.broken[0];
    const reasons = findings.filter((finding) => finding.stops);
    return harm === undefined
      ? disagree('false stop', reasons.map(({ message }) => message).join('; '), '')
      : undefined;
  }
  if (opaque) return undefined;
  if (measured.blocks) return disagree('unsafe', measured.blocks, 'blocks');
  if (plain)
    return disagree(
      'unsafe',
      `${plain.statement}: ${plain.error}`,
      `${breaks ? 'hedged' : 'breaks'} ${plain.error.slice(0, 5)}`,
    );
  if (prepared && !breaks)
    return disagree('unsafe', `prepared ${prepared.statement}: ${prepared.error}`, 'prepared');
  const lock = unnamed(findings, measured);
  return lock && disagree('unsafe', `${lock.mode} on ${lock.relation} is not said`, `lock ${lock.mode}`);
}
