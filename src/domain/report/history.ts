import type { JournalRow } from '../results/row';
import { reportOf } from '.';
import { duration, moment } from './moments';
import { readAs } from './read';

/** One deployment of a history. */
export interface Past {
  deployment: string;
  service: string;
  /** What the request called it. */
  image: string;
  began: string;
  seconds: number;
  /** `running`, and for one whose execution is over without an end of the graph what Step Functions says of it. */
  outcome: string;
  requestedBy: string;
  reason: string;
  cause: string;
  /** When it was released, whatever came afterwards; null for never. */
  releasedAt: string | null;
  /** When the first users could reach the new version; null for never. */
  usersAt: string | null;
  /** When a rollback had given all users the previous version again; null for never. */
  restoredAt: string | null;
}

/** When the first row was written of which this holds. */
const first = (rows: readonly JournalRow[], holds: (row: JournalRow) => boolean): string | null =>
  rows.find(holds)?.at ?? null;

/** What a journal tells of its deployment, which has at least one row; `status` is what Step Functions says of its execution. */
export function pastOf(deployment: string, rows: readonly JournalRow[], status: string): Past {
  const { service, requestedImage, began, seconds, outcome, requestedBy, reason, cause } = reportOf(
    deployment,
    rows,
    null,
  );
  const rolledBack = outcome === 'RolledBack';
  return {
    deployment,
    service,
    image: requestedImage,
    began,
    seconds,
    outcome: outcome ?? (status === 'RUNNING' ? 'running' : status),
    requestedBy,
    reason,
    cause: outcome === null ? '' : cause,
    releasedAt: first(rows, (row) => readAs('CompleteDeployment', row) !== undefined),
    usersAt: first(
      rows,
      (row) =>
        (readAs('ShiftTraffic', row)?.shifted ?? false) || (readAs('RollOut', row)?.green ?? null) !== null,
    ),
    restoredAt: rolledBack
      ? (first(rows, (row) => readAs('ReturnTraffic', row)?.returned ?? false) ?? rows.at(-1)?.at ?? null)
      : null,
  };
}

/** The four measures of delivery, as far as a journal can tell. Source: DORA, "DORA's software delivery metrics". */
export interface Metrics {
  from: string;
  to: string;
  deployments: number;
  /** Releases a day, those that were rolled back later among them. */
  releasesPerDay: number;
  /** From the request to the release, the median: when the change was committed no journal knows. Null without a release. */
  leadSeconds: number | null;
  /** Of the deployments whose version had users: the share that was rolled back or needed an operator. Null without any. */
  failureRate: number | null;
  /** From the first user on a version that was rolled back to the previous version serving all, the median; null without one. */
  restoreSeconds: number | null;
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((one, other) => one - other);
  const [low = 0, high = 0] = [
    sorted[Math.ceil(sorted.length / 2) - 1],
    sorted[Math.floor(sorted.length / 2)],
  ];
  return (low + high) / 2;
}

const secondsBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 1000;

/** Of the deployments that began in a time. Plans and what still runs count for nothing. */
export function metricsOf(all: readonly Past[], from: Date, to: Date): Metrics {
  const over = all.filter(({ outcome }) => outcome !== 'running' && outcome !== 'PlanReported');
  const released = over.filter(({ releasedAt }) => releasedAt !== null);
  const seen = over.filter(({ usersAt }) => usersAt !== null);
  const failed = seen.filter(({ outcome }) => outcome !== 'DeploymentSucceeded');
  const restored = failed.filter(({ restoredAt }) => restoredAt !== null);
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    deployments: over.length,
    releasesPerDay: (released.length / (to.getTime() - from.getTime())) * 86_400_000,
    leadSeconds: median(released.map(({ began, releasedAt }) => secondsBetween(began, releasedAt ?? ''))),
    failureRate: seen.length === 0 ? null : failed.length / seen.length,
    restoreSeconds: median(
      restored.map(({ usersAt, restoredAt }) => secondsBetween(usersAt ?? '', restoredAt ?? '')),
    ),
  };
}

/** One deployment a line, with why it ended as it did below one that was no success. */
export function historyText(all: readonly Past[]): string {
  const width = (of: (past: Past) => string) => Math.max(0, ...all.map((past) => of(past).length));
  const [names, images] = [width(({ deployment }) => deployment), width(({ image }) => image)];
  return all
    .flatMap(({ deployment, image, service, began, seconds, outcome, requestedBy, reason, cause }) => [
      `${moment(began)}  ${deployment.padEnd(names)}  ${service}  ${image.padEnd(images)}  ${outcome.padEnd(19)}  ${duration(seconds)}  ${requestedBy}: ${reason.split('\n')[0]}`,
      ...(cause === '' || outcome === 'DeploymentSucceeded' ? [] : [`    ${cause.split(/; |\n/)[0]}`]),
    ])
    .join('\n');
}

export function metricsText(metrics: Metrics): string {
  const orNone = (seconds: number | null) => (seconds === null ? 'nothing to tell' : duration(seconds));
  const { from, to, deployments, releasesPerDay, leadSeconds, failureRate, restoreSeconds } = metrics;
  return [
    `${deployments} deployments from ${moment(from)} to ${moment(to)}`,
    `deployment frequency  ${Number(releasesPerDay.toPrecision(2))} releases a day, those that were rolled back later among them`,
    `lead time             ${orNone(leadSeconds)} from the request to the release (median)`,
    `failure rate          ${failureRate === null ? 'nothing to tell' : `${Math.round(failureRate * 100)} %`} of the versions that had users were rolled back or needed an operator`,
    `time to restore       ${orNone(restoreSeconds)} from their first user to all users on the previous version (median)`,
  ].join('\n');
}
