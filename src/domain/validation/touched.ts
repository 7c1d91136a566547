import { type Catalog, childrenOf } from '../migrations/catalog';
import { type Finding, lockModes } from '../migrations/types';
import type { Observation, Seen } from '.';
import { since } from './check';

/** What is filed of the tables that the migrations touch, before they run. */
export interface Touched {
  /** schema.table */
  tables: string[];
  rows?: Seen<'rows'>;
}

const WRITES = lockModes.indexOf('ROW EXCLUSIVE');
/** Rules about statements that may delete rows, of which foreign keys delete more. */
const DELETING = new Set(['write-rows', 'write-uncounted-rows', 'delete-all']);
/** Of these it is known which tables they reach, and not how many of their rows. */
const UNCOUNTED = new Set(['write-uncounted-rows']);

const isTable = (catalog: Catalog, name: string) =>
  ['table', 'partitioned'].includes(catalog.tables.get(name)?.kind ?? '');

/** A table and all that refer to it, and so on. */
function withChildren(catalog: Catalog, names: readonly string[]): Set<string> {
  const found = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    open.push(...childrenOf(catalog, name).map((table) => table.name));
  }
  return found;
}

/**
 * Tables whose rows the statements could reach, as schema.table: what they lock against writers or write, and what
 * foreign keys delete along. Of statements that nobody can look into: every table. A partition goes with its parent.
 */
export function touchedTables(findings: readonly Finding[], catalog: Catalog): string[] {
  const locked = (some: readonly Finding[]) =>
    some.flatMap(({ locks }) =>
      locks.filter(({ mode }) => lockModes.indexOf(mode) >= WRITES).map(({ relation }) => relation),
    );
  const names = findings.some((finding) => finding.class === 'opaque' && !UNCOUNTED.has(finding.rule))
    ? new Set(catalog.tables.keys())
    : new Set([
        ...locked(findings),
        ...withChildren(catalog, locked(findings.filter(({ rule }) => DELETING.has(rule)))),
      ]);
  return [...names]
    .filter((name) => isTable(catalog, name) && !names.has(catalog.tables.get(name)?.partitionOf ?? ''))
    .sort();
}

/** What has to be planned for anew: tables that were touched, and relations that were not there before. */
export function changedTables({ tables }: Touched, before: Observation, after: Observation): string[] {
  const known = (seen: Observation) => Object.keys(seen.permissions ?? {});
  const { added } = since(known(before), known(after));
  return [...new Set([...tables, ...added])].sort();
}
