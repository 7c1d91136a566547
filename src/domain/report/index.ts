import type { Deployment } from '../deployment/deployment';
import type { Evidence } from '../evidence/verdict';
import type { ResultOf } from '../results';
import { type JournalRow, LOCK_RELEASED, refuseNewer } from '../results/row';
import { readableCause } from '../text/readable-cause';
import type { Weights } from '../traffic/weights';
import { readAs } from './read';
import { causeOf, sentenceOf } from './sentence';
import { type Series, seriesIn, shiftsIn } from './series';
import { summaryOf } from './summary';
import { type Asked, askedIn, migrationsIn, type Recovery, recoveriesIn, remainsIn } from './told';

/** What the workflow has recorded of a service: who serves now. */
export interface LiveVersion {
  slot: string;
  /** Absent of a pure worker. */
  weights?: Weights;
  image?: string;
}

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
  /** Null where nothing is recorded. */
  now: LiveVersion | null;
}

const secondsBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 1000;

/** The lock's release ends every deployment, whatever came before: it belongs to what it follows. */
const BELONGS_TO_WHAT_IT_FOLLOWS = 'ReleaseLock';

/** One step, by what it says itself. */
function stepOf(row: JournalRow): ReportedStep {
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
    summary: summaryOf(requestedImage, end),
    ...end,
    asked: askedIn(rows),
    migrations: migrationsIn(rows),
    series: seriesIn(rows),
    shifts: shiftsIn(rows),
    recoveries: isNext ? [...begun, next] : begun,
    remains: remainsIn(rows),
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
