import type { Finding } from '../domain/migrations/types';
import type { Acceptance } from './acceptance-file';

/** A finding that would stop a deployment but for somebody who has taken it upon himself. */
export interface Judged extends Finding {
  accepted?: Pick<Acceptance, 'reason' | 'until'>;
}

const isAbout = ({ file, line, rule }: Acceptance, finding: Finding) =>
  file === finding.file && rule === finding.rule && (line === undefined || line === finding.line);

/**
 * Findings with those that are accepted on the day (YYYY-MM-DD) no longer stopping, and what is to be said of entries
 * that have expired or accept nothing.
 */
export function accept(
  findings: readonly Finding[],
  acceptances: readonly Acceptance[],
  today: string,
): { findings: Judged[]; remarks: string[] } {
  const used = new Set<Acceptance>();
  const judged = findings.map((finding): Judged => {
    const entries = acceptances.filter((entry) => finding.stops && isAbout(entry, finding));
    for (const entry of entries) used.add(entry);
    const valid = entries.find(({ until }) => until >= today);
    return valid
      ? { ...finding, stops: false, accepted: { reason: valid.reason, until: valid.until } }
      : finding;
  });
  const remarks = acceptances.flatMap((entry) => {
    const name = `${entry.file}${entry.line === undefined ? '' : `:${entry.line}`} ${entry.rule}`;
    if (entry.until < today) return [`the acceptance of ${name} has expired on ${entry.until}`];
    return used.has(entry) ? [] : [`the acceptance of ${name} accepts nothing; remove it`];
  });
  return { findings: judged, remarks };
}
