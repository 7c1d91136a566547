import type { Deployment } from '../deployment/deployment';
import type { ResultOf } from '../results';
import { type JournalRow, LOCK_RELEASED, refuseNewer } from '../results/row';
import { readableCause } from '../text/readable-cause';
import type { Weights } from '../traffic/weights';
import { checklistOf } from './checklist';
import type { Point } from './checklist/point';
import { readAs } from './read';
import { causeOf } from './sentence';
import { type Series, seriesIn, shiftsIn } from './series';
import { type ReportedStep, stepOf } from './steps';
import { summaryOf } from './summary';
import { type Asked, askedIn, migrationsIn, type Recovery, recoveriesIn, remainsIn } from './told';

/** What the workflow has recorded of a service: who serves now. */
export interface LiveVersion {
  slot: string;
  /** Absent of a pure worker. */
  weights?: Weights;
  image?: string;
}

/** A deployment as a person wants to read it. */
export interface Report {
  deployment: string;
  service: string;
  image: string;
  /** What the request called it. */
  requestedImage: string;
  requestedBy: string;
  reason: string;
  strategy: string;
  began: string;
  seconds: number;
  phases: { phase: string; began: string; seconds: number; steps: ReportedStep[] }[];
  /** The outcome in one sentence. */
  summary: string;
  /** Null while it has not ended. */
  outcome: string | null;
  cause: string;
  /** What people were asked, and what they said. */
  asked: Asked[];
  /** Each pending migration, with what it does to a production that runs. */
  migrations: ResultOf<'AnalyseMigrations'>['migrations'];
  /** The evidence over the looks at green. */
  series: Series[];
  /** When users were moved. */
  shifts: { at: string; greenPercent: number }[];
  /** Executions that went on with it. */
  recoveries: Recovery[];
  /** What remains to do. */
  remains: string[];
  /** What a team ticks by hand, filled in with what the deployment has shown. */
  checklist: Point[];
  /** Null where nothing is recorded. */
  now: LiveVersion | null;
}

const secondsBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 1000;

/** The lock's release ends every deployment, whatever came before: it belongs to what it follows. */
const BELONGS_TO_WHAT_IT_FOLLOWS = 'ReleaseLock';

function phasesOf(rows: readonly JournalRow[]): Report['phases'] {
  const phases: Report['phases'] = [];
  const end = rows.at(-1)?.at ?? '';
  for (const row of rows) {
    const { step, phase, at: entered } = row;
    const open = phases.at(-1);
    const same = open && (open.phase === phase || step === BELONGS_TO_WHAT_IT_FOLLOWS);
    if (!same) phases.push({ phase, began: entered, seconds: 0, steps: [] });
    const { steps } = phases.at(-1)!;
    const before = steps.at(-1);
    const said = stepOf(row);
    if (before?.step === step) steps[steps.length - 1] = { ...said, at: before.at, looks: before.looks + 1 };
    else steps.push(said);
  }
  return phases.map((phase, index) => ({
    ...phase,
    seconds: secondsBetween(phase.began, phases[index + 1]?.began ?? end),
  }));
}

/** Refused before there was a lock to release: such a deployment is over. */
const refused = (row: JournalRow) =>
  readAs('ValidateRequest', row)?.valid === false || readAs('AcquireLock', row)?.status === 'busy';

function endOf(rows: readonly JournalRow[]): Pick<Report, 'outcome' | 'cause'> {
  const row = rows.findLast(({ step }) => step !== LOCK_RELEASED)!;
  const cause = readableCause(causeOf(row));
  const end = readAs('CompleteDeployment', row) ?? readAs('ReleaseLock', row) ?? readAs('CallOperator', row);
  if (end) return { outcome: end.outcome, cause };
  if (refused(row)) return { outcome: 'DeploymentRejected', cause };
  return { outcome: null, cause: `the newest step is ${row.step}, of ${row.at}` };
}

/** The deployment as a row has it: planned, settled, or resumed. */
const deploymentIn = (row: JournalRow): Deployment | null | undefined =>
  (readAs('ValidateRequest', row) ?? readAs('ChooseStrategy', row) ?? readAs('RecoverDeployment', row))
    ?.deployment;

/** As the newest row has it; undefined for a request that was not understood. */
const deploymentOf = (rows: readonly JournalRow[]): Deployment | undefined =>
  rows.map(deploymentIn).findLast(Boolean) ?? undefined;

/**
 * The report of a deployment from its journal, in the order of its steps, and from what is recorded of its service now.
 * There must be at least one row.
 * @param next an execution that goes on with it, which has written no row yet
 * @throws InvalidInput for rows that a newer version wrote
 */
export function reportOf(
  deployment: string,
  rows: readonly JournalRow[],
  now: LiveVersion | null,
  next?: Recovery,
): Report {
  refuseNewer(rows);
  const begun = recoveriesIn(rows);
  const isNext = next && begun.every(({ execution }) => execution !== next.execution);
  const planned = deploymentOf(rows);
  const began = rows[0]?.at ?? '';
  const end = endOf(rows);
  const requestedImage = planned?.requestedImage ?? 'unknown';
  return {
    deployment,
    service: planned?.settings.service ?? 'unknown',
    image: planned?.image ?? 'unknown',
    requestedImage,
    requestedBy: planned?.requestedBy ?? 'unknown',
    reason: planned?.reason ?? 'unknown',
    strategy: planned?.strategy ?? 'unknown',
    began,
    seconds: secondsBetween(began, rows.at(-1)?.at ?? began),
    phases: phasesOf(rows),
    summary: summaryOf(requestedImage, { ...end, only: planned?.only }),
    ...end,
    asked: askedIn(rows),
    migrations: migrationsIn(rows),
    series: seriesIn(rows),
    shifts: shiftsIn(rows),
    recoveries: isNext ? [...begun, next] : begun,
    remains: remainsIn(rows),
    checklist: checklistOf({ rows }),
    now: now && planned?.settings.traffic === null ? { ...now, weights: undefined } : now,
  };
}

/** The rows of a deployment once its step has written its own: a step that ends it tells of itself, too. */
export const withRow = (rows: readonly JournalRow[], own: JournalRow): JournalRow[] => [
  ...rows.filter(({ step, at }) => step !== own.step || at !== own.at),
  own,
];

/** The service that a deployment is of; undefined for a request that was not understood. */
export const serviceOf = (rows: readonly JournalRow[]): string | undefined =>
  deploymentOf(rows)?.settings.service;
