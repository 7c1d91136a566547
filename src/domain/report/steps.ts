import type { Evidence } from '../evidence/verdict';
import type { ResultOf } from '../results';
import { type JournalRow, refuseNewer } from '../results/row';
import { readAs } from './read';
import { sentenceOf } from './sentence';

export interface ReportedStep {
  step: string;
  at: string;
  /** How often it looked, for a step that polls. */
  looks: number;
  said: string;
  /** Of a step that validates the database. */
  findings: ResultOf<'VerifyMigration'>['findings'];
  /** Of a look at green: each piece by its name, `errors`, `latency`, …, in the order in which they are looked at. */
  evidence: ({ of: string } & Evidence)[];
}

/** One step, by what it says itself. */
export function stepOf(row: JournalRow): ReportedStep {
  const { step, at } = row;
  const findings = (readAs('InspectDatabase', row) ?? readAs('VerifyMigration', row))?.findings ?? [];
  const failed = findings.filter(({ status }) => status === 'failed').length;
  const said = failed > 0 ? `${failed} of ${findings.length} checks failed` : sentenceOf(row);
  const pieces = Object.entries(readAs('ObserveGreen', row)?.evidence ?? {});
  return {
    step,
    at,
    looks: 1,
    said,
    findings,
    evidence: pieces.flatMap(([of, piece]) => (piece ? [{ of, ...piece }] : [])),
  };
}

/** A step as it is told while its deployment runs. */
export interface News extends ReportedStep {
  phase: string;
}

/**
 * What there is to tell of a deployment's rows beyond those that were told: a look that says what the one before it said is
 * nothing new.
 * @param told how many rows were told
 * @throws InvalidInput for rows that a newer version wrote
 */
export function newsOf(rows: readonly JournalRow[], told: number): News[] {
  refuseNewer(rows);
  const said = new Map<string, string>();
  return rows.flatMap((row, index) => {
    const step = stepOf(row);
    const isNew = said.get(row.step) !== step.said;
    said.set(row.step, step.said);
    return index >= told && isNew ? [{ ...step, phase: row.phase }] : [];
  });
}
