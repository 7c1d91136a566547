import { strength } from './assessment';
import type { MigrationEffect } from './plan';
import type { Finding } from './types';

/** A row of the journal has room for so many; a release has hardly ever more. */
const MOST = 100;

/** In the order of the migrations, the first hundred. */
export function effectsOf(
  findings: readonly Pick<Finding, 'migration' | 'class' | 'locks' | 'blocksReads' | 'blocksWrites'>[],
): MigrationEffect[] {
  const ids = [...new Set(findings.map(({ migration }) => migration))].slice(0, MOST);
  return ids.map((migration) => {
    const own = findings.filter((finding) => finding.migration === migration);
    const [lock = null] = own
      .flatMap(({ locks }) => locks)
      .sort((one, other) => strength(other) - strength(one));
    const blocks = own.some(({ blocksReads }) => blocksReads)
      ? 'reads and writes'
      : own.some(({ blocksWrites }) => blocksWrites)
        ? 'writes'
        : '';
    return { migration, classes: [...new Set(own.map((finding) => finding.class))], lock, blocks };
  });
}
