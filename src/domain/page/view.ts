import { progressOf } from '../recovery/progress';
import { type Report, reportOf } from '../report';
import { type EvidenceGroup, evidenceOf } from './evidence';
import { type Head, headOf } from './head';
import { type Migrations, migrationsOf } from './migrations';
import type { Seen } from './seen';
import { type Charts, chartsOf, type Split, splitOf } from './traffic';

/** A phase as it went: `now`, where the deployment is; `ended`, where it came to its end. */
export interface PhaseShown {
  phase: string;
  began: string;
  seconds: number;
  state: 'done' | 'now' | 'ended';
  steps: { step: string; at: string; looks: number; said: string }[];
}

/** All that the page shows of a deployment, part by part; null where there is nothing to show. */
export interface View {
  head: Head;
  split: Split | null;
  charts: Charts | null;
  evidence: EvidenceGroup[];
  migrations: Migrations | null;
  journal: PhaseShown[];
}

function journalOf({ phases }: Pick<Report, 'phases'>, { execution }: Seen): PhaseShown[] {
  return phases.map(({ phase, began, seconds, steps }, index) => ({
    phase,
    began,
    seconds,
    state: index < phases.length - 1 ? 'done' : execution?.running ? 'now' : 'ended',
    steps: steps.map(({ step, at, looks, said }) => ({ step, at, looks, said })),
  }));
}

/**
 * What the page says of a deployment.
 * @throws InvalidInput for a journal that a newer version wrote, or that cannot be read
 */
export function viewOf(seen: Seen): View {
  const { deployment, rows } = seen;
  const progress = progressOf(rows);
  const report = rows.length === 0 ? { phases: [] } : reportOf(deployment, rows, null);
  return {
    head: headOf(seen, progress),
    split: splitOf(seen, progress) ?? null,
    charts: chartsOf(seen, progress, report) ?? null,
    evidence: evidenceOf(rows),
    migrations: migrationsOf(rows) ?? null,
    journal: journalOf(report, seen),
  };
}
