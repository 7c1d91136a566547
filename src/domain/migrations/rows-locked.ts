import type { RangeVar, SelectStmt } from 'libpg-query';
import { joined } from './knowledge/comparison';

const nameIn = ({ alias, relname = '' }: RangeVar) => alias?.aliasname ?? relname;

/** The tables whose rows a SELECT … FOR UPDATE, or another of its four strengths, keeps until its transaction ends. */
export function rowsLocked({ fromClause = [], lockingClause = [] }: SelectStmt): RangeVar[] {
  if (lockingClause.length === 0) return [];
  const clauses = lockingClause.map((one) => ('LockingClause' in one ? one.LockingClause : {}));
  const named = clauses.flatMap(({ lockedRels = [] }) =>
    lockedRels.flatMap((node) => ('RangeVar' in node ? nameIn(node.RangeVar) : [])),
  );
  // a clause without OF is about all of them
  const all = clauses.some(({ lockedRels = [] }) => lockedRels.length === 0);
  return joined(fromClause).flatMap((source) =>
    'RangeVar' in source && (all || named.includes(nameIn(source.RangeVar))) ? source.RangeVar : [],
  );
}
