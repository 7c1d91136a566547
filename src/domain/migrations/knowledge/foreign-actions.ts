import type { AlterTableCmd, Node } from 'libpg-query';
import { type Constraint, childrenOf, resolve } from '../catalog';
import { asConstraint, texts } from '../syntax';
import { laterParts } from './following';
import type { Subject } from './rule';

/** Letters of the parser for what a foreign key does by itself; by the others PostgreSQL refuses. */
const ACTS = new Set(['c', 'n', 'd']);

/** "ON DELETE CASCADE" and the like, in a definition. */
const actionsIn = (definition = ''): string[] =>
  definition.match(/\bON (?:DELETE|UPDATE) (?:CASCADE|SET NULL|SET DEFAULT)\b/g) ?? [];

/** What a foreign key that goes does for whoever deletes or renumbers, and the one that takes its place refuses. */
export function lostActions(subject: Subject<AlterTableCmd>): string[] {
  const { table, name, catalog } = subject;
  const gone = table?.constraints.find((one) => one.name === name && one.kind === 'foreign');
  const acts = actionsIn(gone?.definition);
  if (!gone || acts.length === 0) return [];
  for (const { subtype, def } of laterParts(subject)) {
    const node = subtype === 'AT_AddConstraint' ? asConstraint(def) : undefined;
    const {
      contype,
      fk_attrs,
      pktable = {},
      fk_del_action: del = 'a',
      fk_upd_action: upd = 'a',
    } = node ?? {};
    const isSame = contype === 'CONSTR_FOREIGN' && texts(fk_attrs).join() === gone.columns.join();
    if (!isSame || resolve(catalog, pktable, catalog.tables) !== gone.references) continue;
    return acts.filter((act) => !ACTS.has(act.startsWith('ON DELETE') ? del : upd));
  }
  return [];
}

/** Columns that an UPDATE gives another value; a DELETE takes them all. */
function changed({ form, node }: Subject): (column: string) => boolean {
  if (form === 'DeleteStmt') return () => true;
  const targets = (node as { targetList?: Node[] }).targetList ?? [];
  const names = targets.flatMap((target) => ('ResTarget' in target ? (target.ResTarget.name ?? []) : []));
  return (column) => names.includes(column);
}

/** Foreign keys that are looked at when rows of the relation go or get another key, with the tables that have them. */
function referring(subject: Subject): { child: string; key: Constraint }[] {
  const { catalog, relation, form, table } = subject;
  if (form !== 'DeleteStmt' && form !== 'UpdateStmt') return [];
  const primary = table?.constraints.find(({ kind }) => kind === 'primary')?.columns;
  const isChanged = changed(subject);
  return childrenOf(catalog, relation)
    .filter(({ name }) => name !== relation)
    .flatMap(({ name: child, constraints }) =>
      constraints
        .filter(
          ({ references, referencedColumns = primary ?? [], enforced }) =>
            references === relation && enforced !== false && referencedColumns.some(isChanged),
        )
        .map((key) => ({ child, key })),
    );
}

/** Tables of which a foreign key deletes, empties or renumbers rows by itself, as many as refer to those that are written. */
export const followed = (subject: Subject): string[] => {
  const event = subject.form === 'DeleteStmt' ? 'ON DELETE' : 'ON UPDATE';
  const acts = referring(subject).filter(({ key }) =>
    actionsIn(key.definition).some((act) => act.startsWith(event)),
  );
  return [...new Set(acts.map(({ child }) => child))];
};

/** Tables that are read whole for each row that goes, because no index begins with the columns of their foreign key. */
export const searched = (subject: Subject): string[] => {
  const unindexed = referring(subject).filter(({ child, key }) => {
    const indexes = subject.catalog.tables.get(child)?.indexes ?? [];
    return !indexes.some(
      ({ valid, computed, columns }) => valid && !computed && key.columns.includes(columns[0]!),
    );
  });
  return [...new Set(unindexed.map(({ child }) => child))];
};
