import { readableCause } from '../text/readable-cause';
import type { Weights } from '../traffic/weights';
import type { CheckResult } from '../validation';
import { at, ENDS, sentenceOf } from './sentence';

/** What a step of a deployment wrote into the journal. */
export interface JournalRow {
  step: string;
  /** Of the graph: "prepare", "expand", … */
  phase: string;
  /** When the state was entered, in ISO 8601. */
  at: string;
  /** `{ cut: <characters> }` where it was too long to be kept. */
  result: unknown;
}

/** What the workflow has recorded of a service: who serves now. */
export interface LiveVersion {
  slot: string;
  weights: Weights;
  image?: string;
}

export interface ReportedStep {
  step: string;
  at: string;
  /** How often it looked, for a step that polls. */
  looks: number;
  said: string;
  /** Of a step that validates the database. */
  findings: CheckResult[];
}

/** A deployment as a person wants to read it. */
export interface Report {
  deployment: string;
  service: string;
  image: string;
  /** What the request called it. */
  asked: string;
  requestedBy: string;
  reason: string;
  strategy: string;
  began: string;
  seconds: number;
  phases: { phase: string; began: string; seconds: number; steps: ReportedStep[] }[];
  /** Null while it has not ended. */
  outcome: string | null;
  cause: string;
  /** Null where nothing is recorded. */
  now: LiveVersion | null;
}

const secondsBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 1000;

/** The lock's release ends every deployment, whatever came before: it belongs to what it follows. */
const BELONGS_TO_WHAT_IT_FOLLOWS = 'ReleaseLock';

function phasesOf(rows: readonly JournalRow[]): Report['phases'] {
  const phases: Report['phases'] = [];
  const end = rows.at(-1)?.at ?? '';
  for (const { step, phase, at: entered, result } of rows) {
    const open = phases.at(-1);
    const same = open && (open.phase === phase || step === BELONGS_TO_WHAT_IT_FOLLOWS);
    if (!same) phases.push({ phase, began: entered, seconds: 0, steps: [] });
    const { steps } = phases.at(-1)!;
    const before = steps.at(-1);
    const findings = (at(result, 'findings') as CheckResult[] | undefined) ?? [];
    const failed = findings.filter(({ status }) => status === 'failed').length;
    const sentence = failed > 0 ? `${failed} of ${findings.length} checks failed` : sentenceOf(step, result);
    const said = { step, at: entered, looks: 1, said: sentence, findings };
    if (before?.step === step) steps[steps.length - 1] = { ...said, at: before.at, looks: before.looks + 1 };
    else steps.push(said);
  }
  return phases.map((phase, index) => ({
    ...phase,
    seconds: secondsBetween(phase.began, phases[index + 1]?.began ?? end),
  }));
}

/** Steps before which there was no lock to release: a deployment that they refuse is over. */
const REFUSALS: Record<string, string> = { ValidateRequest: 'valid', AcquireLock: 'acquired' };

function endOf(rows: readonly JournalRow[]): Pick<Report, 'outcome' | 'cause'> {
  const { step, at: entered, result } = rows.at(-1)!;
  const cause = readableCause(String(at(result, 'cause') ?? ''));
  if (ENDS.has(step)) return { outcome: String(at(result, 'outcome')), cause };
  if (at(result, REFUSALS[step] ?? '') === false) return { outcome: 'DeploymentRejected', cause };
  return { outcome: null, cause: `the newest step is ${step}, of ${entered}` };
}

/**
 * The report of a deployment from its journal, in the order of its steps, and from what is recorded of its service now.
 * There must be at least one row.
 */
export function reportOf(deployment: string, rows: readonly JournalRow[], now: LiveVersion | null): Report {
  const planned = rows.findLast(({ result }) => at(result, 'deployment.id') !== undefined)?.result;
  const text = (path: string) => String(at(planned, `deployment.${path}`) ?? 'unknown');
  const began = rows[0]?.at ?? '';
  return {
    deployment,
    service: text('settings.service'),
    image: text('image'),
    asked: text('asked'),
    requestedBy: text('requestedBy'),
    reason: text('reason'),
    strategy: text('strategy'),
    began,
    seconds: secondsBetween(began, rows.at(-1)?.at ?? began),
    phases: phasesOf(rows),
    ...endOf(rows),
    now,
  };
}

/** The service that a deployment is of; undefined for a request that was not understood. */
export function serviceOf(rows: readonly JournalRow[]): string | undefined {
  const found = rows.map(({ result }) => at(result, 'deployment.settings.service')).find(Boolean);
  return found === undefined ? undefined : String(found);
}
