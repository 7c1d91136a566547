import { strongest } from './assessment';
import type { Pending } from './pending';
import { classes, type Finding, type LockTaken, type MigrationClass } from './types';

/** A pending migration in short: the worst that a statement of it does, the locks that it takes, and who waits for them. */
export interface Outline {
  id: string;
  class: MigrationClass;
  /** On each relation the strongest. */
  locks: LockTaken[];
  /** Empty for nobody. */
  blocks: '' | 'writes' | 'reads and writes';
}

/** A result travels through the execution's history: a release of more, or a migration of more tables, is told in part. */
const [MAX_MIGRATIONS, MAX_LOCKS] = [50, 10];

/** Of pending migrations in their order; of many only the first. */
export const outlinesOf = (
  pending: Pending['pending'],
  findings: readonly Pick<Finding, 'migration' | 'class' | 'locks' | 'blocksReads' | 'blocksWrites'>[],
): Outline[] =>
  pending.slice(0, MAX_MIGRATIONS).map(({ id }) => {
    const own = findings.filter(({ migration }) => migration === id);
    const worst = Math.max(0, ...own.map((finding) => classes.indexOf(finding.class)));
    const locks = strongest(own.flatMap((finding) => finding.locks));
    const blocks = own.some(({ blocksReads }) => blocksReads)
      ? 'reads and writes'
      : own.some(({ blocksWrites }) => blocksWrites)
        ? 'writes'
        : '';
    return { id, class: classes[worst] ?? 'none', locks: locks.slice(0, MAX_LOCKS), blocks };
  });
