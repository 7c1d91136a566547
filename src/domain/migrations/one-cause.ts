import type { Finding, ReleaseFile } from './types';

/** A finding, the relations that its statement is about, and whether it drops them. */
export interface Told {
  finding: Finding;
  phase: ReleaseFile['phase'];
  relations: string[];
  drops: boolean;
}

/** It stops for what becomes of the live version alone, and not for how long somebody waits. */
const onlyBreaks = ({ stops, harmsEveryVersion }: Finding) => stops && !harmsEveryVersion;

/**
 * Findings of a release, each cause said once: what breaks about a table that a later statement of the same phase drops stops
 * there, and not for each of its columns, keys and indexes as well.
 */
export function oncePerCause(told: readonly Told[]): Finding[] {
  const dropped = new Map<string, string>();
  const said: Finding[] = [];
  for (const { finding, phase = 'expand', relations, drops } of [...told].reverse()) {
    const whole = relations.map((relation) => dropped.get(`${phase} ${relation}`));
    const isPart = onlyBreaks(finding) && whole.length > 0 && whole.every((by) => by !== undefined);
    said.push(
      isPart
        ? {
            ...finding,
            stops: false,
            remedy: '',
            message: `${finding.message} It goes with ${relations.join(' and ')}, at which ${whole[0]} stops.`,
          }
        : finding,
    );
    if (drops && finding.stops)
      for (const relation of relations)
        dropped.set(`${phase} ${relation}`, `line ${finding.line} of ${finding.file}`);
  }
  return said.reverse();
}
