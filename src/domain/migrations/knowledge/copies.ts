import type { InsertStmt, RangeVar } from 'libpg-query';
import { resolve } from '../catalog';
import { some } from '../syntax';
import type { Subject } from './rule';

/** Tables that the SELECT of an INSERT reads. */
export function readFrom({ node, catalog }: Subject<InsertStmt>): string[] {
  const names = new Set<string>();
  some({ select: node.selectStmt }, (tag, found) => {
    if (tag === 'RangeVar') names.add(resolve(catalog, found as RangeVar, catalog.tables));
    return false;
  });
  return [...names].filter((name) => catalog.tables.has(name) || !catalog.live);
}
