import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import type { Finding } from '../domain/migrations/types';
import { nonEmpty } from '../domain/words';

const acceptance = z.strictObject({
  /** As findings name it. */
  file: nonEmpty,
  line: z.optional(z.int().check(z.positive())),
  rule: nonEmpty,
  reason: nonEmpty,
  /** The last day on which it holds, UTC. */
  until: z.iso.date(),
});
export type Acceptance = z.infer<typeof acceptance>;

/** A finding that would stop a deployment but for somebody who has taken it upon himself. */
export interface Judged extends Finding {
  accepted?: Pick<Acceptance, 'reason' | 'until'>;
}

/** Throws for a file that is not a list of acceptances, naming the entry and the key. */
export function readAcceptances(file: string): Acceptance[] {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message}; it is a JSON list`);
  }
  const parsed = z.array(acceptance).safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'the file'}: ${message}`,
  );
  throw new Error(
    `${file}: ${problems.join('; ')}; an entry has file, line (optional), rule, reason and until`,
  );
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
