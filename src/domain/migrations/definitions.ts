import type { Constraint as ConstraintNode, IndexStmt } from 'libpg-query';
import type { Constraint } from './catalog';
import { ident, qualified } from './names';

/** An index over columns in their usual order, as SQL behind its table. */
export const overColumns = (columns: readonly string[]) => `USING btree (${columns.map(ident).join(', ')})`;

/** What a foreign key does with rows whose partner goes or changes. Source: the parser's FKCONSTR_ACTION constants. */
const ACTIONS: Record<string, string> = { c: 'CASCADE', n: 'SET NULL', d: 'SET DEFAULT', r: 'RESTRICT' };

const actionOf = (event: string, action = 'a') => (action === 'a' ? '' : ` ON ${event} ${ACTIONS[action]}`);

/** A key or a foreign key, as SQL behind its name; nothing for what is seldom and would have to be written out. */
export function definitionOf(
  node: ConstraintNode,
  kind: Constraint['kind'],
  columns: readonly string[],
  referred: readonly string[],
): Pick<Constraint, 'definition'> {
  const { including, nulls_not_distinct: same, pktable, fk_matchtype: match = 's' } = node;
  const listed = (names: readonly string[]) => `(${names.map(ident).join(', ')})`;
  const timing = `${node.deferrable ? ' DEFERRABLE' : ''}${node.initdeferred ? ' INITIALLY DEFERRED' : ''}`;
  if (including || same || node.fk_del_set_cols) return {};
  if (kind === 'primary') return { definition: `PRIMARY KEY ${listed(columns)}${timing}` };
  if (kind === 'unique') return { definition: `UNIQUE ${listed(columns)}${timing}` };
  if (kind !== 'foreign' || !pktable || match !== 's' || referred.length === 0) return {};
  const to = `${qualified(pktable.schemaname, pktable.relname ?? '')}${listed(referred)}`;
  const acts = actionOf('UPDATE', node.fk_upd_action) + actionOf('DELETE', node.fk_del_action);
  return { definition: `FOREIGN KEY ${listed(columns)} REFERENCES ${to}${acts}${timing}` };
}

/** Columns in their usual order and nothing else. */
export const isPlain = ({
  accessMethod,
  indexParams = [],
  indexIncludingParams,
  whereClause,
  options,
  ...node
}: IndexStmt) =>
  (accessMethod ?? 'btree') === 'btree' &&
  !(indexIncludingParams || whereClause || options || node.tableSpace || node.nulls_not_distinct) &&
  indexParams.every((param) => {
    if (!('IndexElem' in param)) return false;
    const { name, opclass, collation, ordering, nulls_ordering: nulls } = param.IndexElem;
    return (
      name !== undefined &&
      !(opclass || collation) &&
      ordering === 'SORTBY_DEFAULT' &&
      nulls === 'SORTBY_NULLS_DEFAULT'
    );
  });
