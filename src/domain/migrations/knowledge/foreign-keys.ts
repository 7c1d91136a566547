import type { AlterTableCmd, ColumnDef, Constraint as ConstraintNode, CreateStmt } from 'libpg-query';
import { type Column, resolve, type Table } from '../catalog';
import { asColumn, asConstraint, inline, texts, typeOf } from '../syntax';
import type { Subject } from './rule';

/** A foreign key as a statement writes it, and what is known of its columns. */
interface Written {
  node: ConstraintNode;
  columns: string[];
  ofColumn(name: string): Pick<Column, 'type' | 'generated'> | undefined;
  /** Statements that make the table itself, or more than the key, may make what it refers to. */
  among: ConstraintNode[];
}

const asKnown = (column: ColumnDef): Pick<Column, 'type' | 'generated'> => ({
  type: typeOf(column.typeName),
  ...(inline(column, 'CONSTR_GENERATED').length > 0 && { generated: 'stored' }),
});

/** Every foreign key that a new table, a new column or a new rule brings. */
function foreignKeysOf({ form, node, table }: Subject): Written[] {
  const elements =
    form === 'CreateStmt'
      ? ((node as CreateStmt).tableElts ?? [])
      : (node as AlterTableCmd).def
        ? [(node as AlterTableCmd).def!]
        : [];
  const definitions = elements.flatMap((element) => asColumn(element) ?? []);
  const ofColumn = (name: string) => {
    const own = definitions.find(({ colname }) => colname === name);
    return own ? asKnown(own) : table?.columns.find((column) => column.name === name);
  };
  const among = elements.flatMap((element) => asConstraint(element) ?? []);
  return [
    ...definitions.flatMap((column) =>
      inline(column, 'CONSTR_FOREIGN').map((key) => ({ node: key, columns: [column.colname ?? ''] })),
    ),
    ...among
      .filter(({ contype }) => contype === 'CONSTR_FOREIGN')
      .map((key) => ({ node: key, columns: texts(key.fk_attrs) })),
  ].map((key) => ({ ...key, ofColumn, among }));
}

/** Types that no operator of a key compares with those of another family. Source: the system catalog pg_amop. */
const FAMILIES: Record<string, string> = Object.fromEntries(
  Object.entries({
    number: 'int2 int4 int8 serial bigserial smallserial serial4 serial8 serial2',
    text: 'text varchar bpchar',
    uuid: 'uuid',
    truth: 'bool',
    time: 'date timestamp timestamptz',
    bytes: 'bytea',
  }).flatMap(([family, types]) => types.split(' ').map((type) => [type, family])),
);

const sameColumns = (one: readonly string[], other: readonly string[]) =>
  [...one].sort().join() === [...other].sort().join();

/** Whether a key of the columns is there: one that is checked later, or has a condition, is none to refer to. */
function keyOn(parent: Table, columns: string[]): 'no key' | 'DEFERRABLE' | 'key' {
  const rules = parent.constraints.filter(
    ({ kind, columns: own }) => (kind === 'unique' || kind === 'primary') && sameColumns(own, columns),
  );
  if (rules.some(({ deferrable }) => !deferrable)) return 'key';
  const names = new Set(rules.map(({ name }) => name));
  const index = parent.indexes.some(
    ({ name, unique, computed, columns: own }) =>
      unique && !computed && !names.has(name) && sameColumns(own, columns),
  );
  return index ? 'key' : rules.length > 0 ? 'DEFERRABLE' : 'no key';
}

const isCertain = ({ catalog }: Subject) => catalog.live === true && !catalog.uncertain;

/** What is not there, and no other part of the statement adds. */
const isMissing = (subject: Subject, name: string) =>
  subject.form === 'AT_AddConstraint' &&
  isCertain(subject) &&
  (subject.table?.columns ?? []).length > 0 &&
  !(subject.parts ?? []).some(({ def }) => asColumn(def)?.colname === name);

const COMPUTED_ACTIONS = { fk_upd_action: /[cnd]/, fk_del_action: /[nd]/ } as const;

/** Why a foreign key cannot be, whatever its rows are. Source: tablecmds.c, ATAddForeignKeyConstraint. */
function reasonAgainst({ node, columns, ofColumn, among }: Written, subject: Subject): string | undefined {
  const { catalog, relation, table, parts = [], form } = subject;
  const isComputed = columns.some((column) => ofColumn(column)?.generated !== undefined);
  for (const [action, letters] of Object.entries(COMPUTED_ACTIONS))
    if (isComputed && letters.test(node[action as keyof typeof COMPUTED_ACTIONS] ?? 'a'))
      return 'whose column is computed, so that nothing can be written to it';
  if (catalog.major < 18 && table?.kind === 'partitioned' && node.skip_validation)
    return 'NOT VALID from a partitioned table, which there is from 18 on';
  if (node.fk_with_period && /[cnd]/.test(`${node.fk_upd_action}${node.fk_del_action}`))
    return 'with PERIOD that writes rows by itself';
  const missing = columns.find((column) => isMissing(subject, column) && !ofColumn(column));
  if (missing !== undefined) return `from ${missing}, which ${relation} does not have`;
  const key = resolve(catalog, node.pktable ?? {}, catalog.tables);
  const parent = catalog.tables.get(key);
  if (!parent && isCertain(subject) && key !== relation) return `to ${key}, which the database does not have`;
  if (!parent || parent.unseen) return undefined;
  if (parent.kind !== 'table' && parent.kind !== 'partitioned') return `to ${key}, which is no table`;
  const made = form === 'CreateStmt' ? (subject.node as CreateStmt).relation?.relpersistence : undefined;
  if ((made ? made === 'p' : table?.storage?.logged) && parent.storage?.logged === false)
    return `to ${key}, which is not logged`;
  if (made && (made === 't') !== (parent.temporary === true))
    return `to ${key}, where only one of the two is temporary`;
  if (key === relation && (form === 'CreateStmt' || among.length > 1 || parts.length > 1)) return undefined;
  const primary = parent.constraints.find(({ kind }) => kind === 'primary')?.columns;
  const referred = node.pk_attrs ? texts(node.pk_attrs) : primary;
  if (!referred) return parent.columns.length > 0 ? `to ${key}, which has no primary key` : undefined;
  if (referred.length !== columns.length)
    return `of ${columns.length} columns to ${referred.length} of ${key}`;
  const found = keyOn(parent, referred);
  if (found !== 'key')
    return `to ${referred.join(', ')} of ${key}, on which there is ${found === 'DEFERRABLE' ? 'only a DEFERRABLE key' : 'no key'}`;
  const unlike = referred.findIndex((name, i) => {
    const [from, to] = [ofColumn(columns[i]!), parent.columns.find((column) => column.name === name)].map(
      (column) => FAMILIES[column?.type.name ?? ''],
    );
    return from !== undefined && to !== undefined && from !== to;
  });
  return unlike < 0
    ? undefined
    : `from ${columns[unlike]} to ${referred[unlike]} of ${key}, which has another type`;
}

/** What is wrong with a foreign key of the statement, as the end of "adding a foreign key". */
export function unfitForeignKey(subject: Subject): string | undefined {
  for (const written of foreignKeysOf(subject)) {
    const reason = reasonAgainst(written, subject);
    if (reason !== undefined) return reason;
  }
  return undefined;
}
