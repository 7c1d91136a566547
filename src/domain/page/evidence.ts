import { readAs } from '../report/read';
import type { ReportedStep } from '../report/steps';
import type { JournalRow } from '../results/row';

export type Verdict = 'healthy' | 'unhealthy' | 'undecided';

/** A piece of evidence: what it is of, its verdict, why, and the numbers that it rests on. */
export interface Piece {
  of: string;
  verdict: Verdict;
  because: string;
  warning: string;
  numbers: [name: string, value: string][];
}
/** What was looked at together: green under traffic, its smoke tests, the database after its migrations. */
export interface EvidenceGroup {
  title: string;
  at: string;
  verdict: Verdict;
  /** What follows from it, in words. */
  next: string;
  pieces: Piece[];
}

const number = (value: number) => String(Number(value.toPrecision(4)));

/** `[3, 100]` is a count of a whole wherever evidence has two numbers for a side. */
function told(value: unknown): string {
  if (typeof value === 'number') return number(value);
  if (Array.isArray(value) && value.length === 2 && value.every((one) => typeof one === 'number'))
    return value.map(number).join(' / ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** By their path: `p50 green`. */
function numbersOf(numbers: Record<string, unknown>, path = ''): Piece['numbers'] {
  return Object.entries(numbers).flatMap(([name, value]) => {
    const full = path === '' ? name : `${path} ${name}`;
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? numbersOf(value as Record<string, unknown>, full)
      : [[full, told(value)] as [string, string]];
  });
}

const NEXT = {
  return: 'all users go back to blue',
  shift: 'green gets its next share',
  finish: 'green keeps everything',
  wait: 'it is looked at again',
};

const STATUS: Record<string, Verdict> = {
  ok: 'healthy',
  passed: 'healthy',
  failed: 'unhealthy',
  warning: 'healthy',
  running: 'undecided',
};

const together = (pieces: readonly Piece[]): Verdict =>
  pieces.some(({ verdict }) => verdict === 'unhealthy')
    ? 'unhealthy'
    : pieces.some(({ verdict }) => verdict === 'undecided')
      ? 'undecided'
      : 'healthy';

function groupOf(row: JournalRow): EvidenceGroup | undefined {
  const { at } = row;
  const look = readAs('ObserveGreen', row);
  if (look)
    return {
      title: 'Green under traffic',
      at,
      verdict: look.verdict,
      next: NEXT[look.next],
      pieces: Object.entries(look.evidence).flatMap(([of, piece]) =>
        piece
          ? [
              {
                ...{ of, verdict: piece.verdict, because: piece.because },
                ...{ warning: piece.warning ?? '', numbers: numbersOf(piece.numbers) },
              },
            ]
          : [],
      ),
    };
  const smoke = readAs('SmokeTestGreen', row);
  if (smoke && smoke.results.length > 0)
    return grouped(
      'Tests of green',
      at,
      smoke.results.map(({ test, status, because }) => ({ of: test, status, because })),
    );
  const findings = (readAs('VerifyMigration', row) ?? readAs('InspectDatabase', row))?.findings ?? [];
  if (findings.length > 0)
    return grouped(
      row.step === 'InspectDatabase' ? 'The database before' : 'The database after its migrations',
      at,
      findings.map(({ check, status, detail }) => ({ of: check, status, because: detail })),
    );
  return undefined;
}

function grouped(
  title: string,
  at: string,
  found: {
    of: string;
    status: ReportedStep['findings'][number]['status'] | 'passed' | 'running';
    because: string;
  }[],
): EvidenceGroup {
  const pieces = found.map(({ of, status, because }) => ({
    ...{ of, verdict: STATUS[status] ?? 'undecided', because, numbers: [] },
    warning: status === 'warning' ? because : '',
  }));
  return { title, at, verdict: together(pieces), next: '', pieces };
}

/** What was found last of each kind, the newest first. */
export function evidenceOf(rows: readonly JournalRow[]): EvidenceGroup[] {
  const newest = new Map<string, EvidenceGroup>();
  for (const row of rows) {
    const group = groupOf(row);
    if (group) newest.set(group.title, group);
  }
  return [...newest.values()].sort((one, other) => other.at.localeCompare(one.at));
}
