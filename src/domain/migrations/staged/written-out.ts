import type { Catalog } from '../catalog';
import type { Finding } from '../types';
import { stagedPlans } from '.';

/** The releases that make a statement's change, as text for a person; empty when there is no other way to do it. */
export function writtenOut(finding: Finding, catalog?: Catalog): string {
  return stagedPlans(finding, catalog)
    .map(({ change, stages }) =>
      [
        `Instead, ${change} in ${stages.at(-1)?.release ?? 1} releases:`,
        ...stages.map(
          ({ release, when, up }) =>
            `  release ${release}, ${when}${up ? `:\n    ${up.trim().replace(/\n/g, '\n    ')}` : ''}`,
        ),
      ].join('\n'),
    )
    .join('\n');
}
