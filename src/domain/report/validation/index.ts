import type { Deployment } from '../../deployment/deployment';
import type { ResultOf } from '../../results';
import type { JournalRow } from '../../results/row';
import { meanMs } from '../../validation/upkeep/queries';
import { compareQueries, judgeQueries } from '../../validation/upkeep/slower';
import { readAs } from '../read';

type Finding = ResultOf<'InspectDatabase'>['findings'][number];

/** What one run has left in the journal: a validation, or the look that a deployment begins with. */
export interface ValidationRun {
  run: string;
  /** When the database was looked at, in ISO 8601. */
  at: string;
  deployment: Deployment;
  result: ResultOf<'InspectDatabase'>;
}

/** A validation as people read it. */
export interface ValidationReport {
  run: string;
  service: string;
  at: string;
  level: ResultOf<'InspectDatabase'>['level'];
  requestedBy: string;
  reason: string;
  /** The run that this one is compared with; null where the journal has none. */
  against: { run: string; at: string } | null;
  /** `trend`: against the other run, where that one looked at the same and found otherwise. */
  findings: (Finding & { trend?: 'worse' | 'better' })[];
  /** Numbers; `before` is null where the other run has none. */
  figures: { of: string; before: number | null; now: number }[];
  /** The heaviest statements; `beforeMs` is the mean time until the other run, `nowMs` the one since. */
  queries: { id: string; text: string; calls: number; beforeMs: number | null; nowMs: number }[];
}

/** What a deployment's rows say of its database beforehand; undefined where nobody could look. */
export function runIn(run: string, rows: readonly JournalRow[]): ValidationRun | undefined {
  const deployment = rows.map((row) => readAs('ValidateRequest', row)?.deployment).find(Boolean);
  const row = rows.findLast((one) => readAs('InspectDatabase', one)?.ready);
  const result = row && readAs('InspectDatabase', row);
  return deployment && row && result ? { run, at: row.at, deployment, result } : undefined;
}

/** Whether a run came earlier, is of the same service, and has what `later` is compared by. */
export const comparable = (earlier: ValidationRun, later: ValidationRun): boolean =>
  earlier.deployment.settings.service === later.deployment.settings.service &&
  earlier.at < later.at &&
  (later.result.figures === undefined || earlier.result.level === later.result.level) &&
  (later.result.queries === undefined || earlier.result.figures !== undefined);

const WEIGHTS: Finding['status'][] = ['ok', 'warning', 'failed'];

function trendOf(now: Finding, before: Finding | undefined): 'worse' | 'better' | undefined {
  if (!before || before.status === now.status) return undefined;
  return WEIGHTS.indexOf(now.status) > WEIGHTS.indexOf(before.status) ? 'worse' : 'better';
}

/** So many statements are told; all are compared. */
const TOLD = 20;
/** Twice a tenth of a millisecond is no harm. */
const FLOOR_MS = 1;

/** The statements against the other run's, as a check of their own; none where one of the two has not seen them. */
function slowerThan(before: ValidationRun | undefined, { deployment, result }: ValidationRun): Finding[] {
  if (!result.queries || !before?.result.queries) return [];
  const { latencyIncrease: fails, latencyWarning: warns } = deployment.settings.thresholds;
  const judged = judgeQueries(before.result.queries, result.queries, { fails, warns, floorMs: FLOOR_MS });
  return [{ check: 'performance', ...judged }];
}

/** A run, and what became of it since another one. */
export function validationOf(now: ValidationRun, before: ValidationRun | undefined): ValidationReport {
  const { deployment, result } = now;
  const { figures = {}, queries = [] } = result;
  const findings = [...result.findings, ...slowerThan(before, now)];
  const compared = compareQueries(before?.result.queries ?? [], queries, FLOOR_MS);
  return {
    run: now.run,
    service: deployment.settings.service,
    at: now.at,
    level: result.level,
    requestedBy: deployment.requestedBy,
    reason: deployment.reason,
    against: before ? { run: before.run, at: before.at } : null,
    findings: findings.map((finding) => {
      const trend = trendOf(
        finding,
        before?.result.findings.find(({ check }) => check === finding.check),
      );
      return { ...finding, ...(trend && { trend }) };
    }),
    figures: Object.entries(figures).map(([of, value]) => ({
      of,
      before: before?.result.figures?.[of] ?? null,
      now: value,
    })),
    queries: queries.slice(0, TOLD).map((query) => {
      const then = compared.find((one) => one.query.id === query.id);
      const { id, text, calls } = query;
      return {
        id,
        text,
        calls: then?.calls ?? calls,
        beforeMs: then?.beforeMs ?? null,
        nowMs: then?.nowMs ?? meanMs(query),
      };
    }),
  };
}

export const hasFailed = ({ findings }: ValidationReport): boolean =>
  findings.some(({ status }) => status === 'failed');
