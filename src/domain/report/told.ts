import { type JournalRow, LOCK_RELEASED } from '../results/row';
import { readAs } from './read';

/** A question that people were asked, and what they said; the three members of an answer null while there is none. */
export interface Asked {
  about: 'the deployment' | 'the rollback';
  because: string;
  approved: boolean | null;
  by: string | null;
  reason: string | null;
}

/** What the workflow asked people, in its order, each with the answer that followed. */
export function askedIn(rows: readonly JournalRow[]): Asked[] {
  const all: Asked[] = [];
  for (const row of rows) {
    const asked = readAs('RequestApproval', row);
    const confirm = readAs('ConfirmRollback', row);
    const unanswered = { approved: null, by: null, reason: null };
    if (asked) all.push({ about: 'the deployment', because: asked.because, ...unanswered });
    if (confirm) all.push({ about: 'the rollback', because: `people ${confirm.decides}`, ...unanswered });
    const answer = readAs('RecordApproval', row) ?? readAs('RecordConfirmation', row);
    const open = all.at(-1);
    if (answer && open)
      Object.assign(open, { approved: answer.approved, by: answer.by, reason: answer.reason });
  }
  return all;
}

/** An execution that went on with a deployment whose own one was over. */
export interface Recovery {
  at: string;
  execution: string;
  /** Who asked for it, why, and behind which step it began. */
  because: string;
}

export const recoveriesIn = (rows: readonly JournalRow[]): Recovery[] =>
  rows.flatMap((row) => {
    const { deployment, cause } = readAs('RecoverDeployment', row) ?? {};
    return deployment ? [{ at: row.at, execution: deployment.execution, because: cause ?? '' }] : [];
  });

/** What the newest analysis said of each pending migration. */
export const migrationsIn = (rows: readonly JournalRow[]) =>
  rows.map((row) => readAs('AnalyseMigrations', row)?.migrations).findLast(Boolean) ?? [];

/** What somebody has to do, or the next release will do; empty for nothing. */
export function remainsIn(rows: readonly JournalRow[]): string[] {
  const row = rows.findLast(({ step }) => step !== LOCK_RELEASED);
  if (!row) return [];
  if (readAs('CallOperator', row)?.called) return ['a person has to decide, and the lock is kept until then'];
  return (readAs('CompleteDeployment', row)?.remark ?? '').split('; ').filter(Boolean);
}
