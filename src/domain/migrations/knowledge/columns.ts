import type { AlterDomainStmt, AlterTableCmd, AlterTableStmt, TypeName } from 'libpg-query';
import { type Catalog, type ColumnType, type Domain, tablesUsing } from '../catalog';
import { parseExpression } from '../parse';
import { userType } from '../schema/held';
import { asColumn, asConstraint, inline, isNull, isSerial, typeOf } from '../syntax';
import { changesOrder, keepsRows, saysNothing } from '../type-change';
import { isVolatile } from '../volatility';
import { getsName } from './following';
import { linked, unorderedIndexes } from './keys';
import type { Subject } from './rule';

/** The domain of a new column. */
export function domainOf({ node, catalog }: Subject<AlterTableCmd>) {
  return inherited(catalog, userType(catalog, typeOf(asColumn(node.def)?.typeName).name));
}

/** A domain with what it has of the domain that it stands on. */
function inherited(catalog: Catalog, name: string): Domain | undefined {
  const own = catalog.domains.get(name);
  const below = own && inherited(catalog, own.base.name);
  return (
    own && {
      ...own,
      constrained: own.constrained || below?.constrained === true,
      default: own.default ?? below?.default,
    }
  );
}

/** The type that a column gets. */
const typeNamed =
  (catalog: Catalog) =>
  (type: TypeName | undefined): ColumnType => {
    const written = typeOf(type);
    return { ...written, name: userType(catalog, written.name) };
  };

const typeAfter = ({ node, catalog }: Subject<AlterTableCmd>): ColumnType =>
  typeNamed(catalog)(asColumn(node.def)?.typeName);

const typeBefore = ({ table, name }: Subject) => table?.columns.find((column) => column.name === name)?.type;

/** A type change that leaves every row as it is stored; one of a column that nobody knows is not. */
export function isFreeChange(subject: Subject<AlterTableCmd>): boolean {
  const { node, name, timeZone } = subject;
  const from = typeBefore(subject);
  const to = typeAfter(subject);
  return (
    from !== undefined &&
    saysNothing(asColumn(node.def)?.raw_default, name, to, typeNamed(subject.catalog)) &&
    keepsRows(from, to, timeZone)
  );
}

const KINDS: Record<string, string> = Object.fromEntries(
  [
    ['number', 'int2 int4 int8 float4 float8 numeric oid'],
    ['money', 'money'],
    ['text', 'text varchar bpchar'],
    ['time', 'timestamp timestamptz date time timetz interval'],
    ['truth', 'bool'],
    ['uuid', 'uuid'],
    ['json', 'json jsonb'],
  ].flatMap(([kind, names]) => names!.split(' ').map((name) => [name, kind!])),
);

/** Values of the new type are compared with those of another kind than the old one's. */
export function changesKind(subject: Subject<AlterTableCmd>): boolean {
  const before = typeBefore(subject)?.name ?? '';
  const after = typeAfter(subject).name;
  const [from, to] = [KINDS[before], KINDS[after]];
  if (from !== undefined && to !== undefined) return from !== to;
  // arrays are compared with those of the same elements alone
  if (before.startsWith('_') && after.startsWith('_')) return before !== after;
  // values that are cast to the one, as some ORMs send them, are none of the other
  const { enums } = subject.catalog;
  return before !== after && enums.has(before) && enums.has(after) && !getsName(subject, after, before);
}

/** Indexes that PostgreSQL cannot keep when the type changes, although no row is written. Source: CheckIndexCompatible. */
export function rebuiltIndexes(subject: Subject<AlterTableCmd>): string[] {
  const from = typeBefore(subject);
  const collation = asColumn(subject.node.def)?.collClause !== undefined;
  const another = collation || (from !== undefined && changesOrder(from, typeAfter(subject)));
  return (
    (subject.table?.indexes ?? [])
      // indexes of partitions belong to the parent's, which is made anew with them
      .filter(
        ({ reads, computed, method }) =>
          reads.includes(subject.name) &&
          (computed ||
            another ||
            subject.table?.kind === 'partitioned' ||
            // it keeps elements, so that to PostgreSQL an array is another type, even the same one
            (method === 'gin' && from?.name.startsWith('_'))),
      )
      .map((index) => index.name)
  );
}

/** Everything that keeps the column's type as it is, in words. */
export function columnUsersOf(subject: Subject): string[] {
  const { table, name } = subject;
  return [
    ...viewsOf(subject).map((view) => `view ${view}`),
    ...(table?.columnUsers ?? [])
      .filter(({ columns }) => columns.includes(name))
      .map((user) => `${user.kind} ${user.name}`),
    ...(isPartitionKey(subject) ? ['the partition key'] : []),
    ...rowTypeUsers(subject).map((user) => `rows in ${user}`),
    ...(leavesKey(subject as Subject<AlterTableCmd>) ? ['its foreign key'] : []),
    ...unordered(subject as Subject<AlterTableCmd>),
    ...(outgrowsNumbers(subject as Subject<AlterTableCmd>)
      ? ['its identity, whose numbers are no such type']
      : []),
  ];
}

/** Indexes that cannot order the values of the new type. */
const unordered = (subject: Subject<AlterTableCmd>): string[] =>
  subject.form === 'AT_AlterColumnType'
    ? unorderedIndexes(subject).map((index) => `index ${index}, which has no order for the new type`)
    : [];

/** Identity columns are smallint, integer or bigint. */
const outgrowsNumbers = (subject: Subject<AlterTableCmd>): boolean =>
  subject.form === 'AT_AlterColumnType' &&
  subject.table?.columns.some((column) => column.name === subject.name && column.identity) === true &&
  !['int2', 'int4', 'int8'].includes(typeAfter(subject).name);

/** A foreign key compares no number with an oid. */
const leavesKey = (subject: Subject<AlterTableCmd>): boolean =>
  subject.form === 'AT_AlterColumnType' && typeAfter(subject).name === 'oid' && linked(subject).length > 0;

export const isHeld = (subject: Subject): boolean => columnUsersOf(subject).length > 0;

export const isPartitionKey = ({ table, name }: Subject): boolean =>
  table?.partitionKey?.includes(name) === true;

/** Tables with a column that holds rows of the relation. */
export const rowTypeUsers = ({ catalog, relation }: Subject): string[] =>
  tablesUsing(catalog, relation, true).map(({ name }) => name);

/** A new column has a value in the old rows. */
export function touchesStoredRows(subject: Subject<AlterTableCmd>): boolean {
  const { form, table, name } = subject;
  // what is only computed when it is read is in no row
  if (form === 'AT_SetExpression' && table?.columns.find((one) => one.name === name)?.generated === 'virtual')
    return false;
  if (form !== 'AT_AddColumn') return !keepsStorage(subject);
  // it has no rows of its own
  if (subject.table?.kind === 'partitioned') return false;
  const column = asColumn(subject.node.def);
  const given = inline(column, 'CONSTR_DEFAULT', 'CONSTR_IDENTITY', 'CONSTR_GENERATED').some(
    ({ contype, raw_expr }) => contype !== 'CONSTR_DEFAULT' || !isNull(raw_expr),
  );
  const domain = domainOf(subject);
  return (
    given ||
    isSerial(typeOf(column?.typeName)) ||
    domain?.constrained === true ||
    domain?.default !== undefined
  );
}

export const generatedKind = ({ table, name }: Subject) =>
  table?.columns.find((column) => column.name === name)?.generated;

/** The expression of a virtual column stays while its table has a CHECK or is published. */
export const holdsVirtual = (subject: Subject): boolean =>
  generatedKind(subject) === 'virtual' &&
  (subject.table?.constraints.some(({ kind }) => kind === 'check') === true ||
    subject.table?.published === true);

/** A part that gives an attribute another type. */
export const changesStoredValues = ({ cmds = [] }: AlterTableStmt): boolean =>
  cmds.some((node) => 'AlterTableCmd' in node && node.AlterTableCmd.subtype === 'AT_AlterColumnType');

/** Names of the CHECKs that read the column. */
export const checksOn = ({ table, name }: Subject): string[] =>
  (table?.constraints ?? [])
    .filter(({ kind, columns, validated }) => kind === 'check' && validated && columns.includes(name))
    .map((constraint) => constraint.name);

export const isChecked = (subject: Subject): boolean => checksOn(subject).length > 0;

/** Views that read the column. */
export const viewsOf = ({ table, name }: Subject): string[] =>
  (table?.views ?? []).filter(({ columns }) => columns.includes(name)).map((view) => view.name);

/** An ALTER DOMAIN that reads the tables that use it. Subtypes are the letters of PostgreSQL's parser. */
export const checksRows = ({ node: { subtype, def } }: Subject<AlterDomainStmt>): boolean =>
  subtype === 'O' || subtype === 'V' || (subtype === 'C' && !asConstraint(def)?.skip_validation);

/** Tables that hold values of a domain inside arrays or composite values, where PostgreSQL does not look. */
export function nestedIn({ catalog, relation }: Subject): string[] {
  const arrays = tablesUsing(catalog, relation.replace('.', '._'));
  const composites = [...catalog.composites].filter(([, types]) => types.includes(relation));
  return [...arrays, ...composites.flatMap(([type]) => tablesUsing(catalog, type, true))].map(
    ({ name }) => name,
  );
}

/** A new column's domain checks each value, or gives each row one of its own unless the column has a default. */
export function isWrittenDomain(subject: Subject<AlterTableCmd>): boolean {
  const domain = domainOf(subject);
  if (!domain) return false;
  const own = inline(asColumn(subject.node.def), 'CONSTR_DEFAULT').length > 0;
  const value = typeof domain.default === 'string' ? parseExpression(domain.default) : domain.default;
  return domain.constrained || (!own && isVolatile(subject.catalog, value));
}

/** The table is kept in that way already. */
export function keepsStorage({ form, node, table }: Subject<AlterTableCmd>): boolean {
  const { logged, method, space } = table?.storage ?? {};
  // of a partitioned table it is said for partitions that come
  if (table?.kind === 'partitioned') return true;
  if (form === 'AT_SetLogged') return logged === true;
  if (form === 'AT_SetUnLogged') return logged === false;
  if (form === 'AT_SetTableSpace') return node.name !== undefined && node.name === space;
  // DEFAULT names none
  return (node.name ?? 'heap') === method;
}

/** Types of a fixed width, whose values are never put aside or compressed. Source: pg_type, typstorage = 'p'. */
export const isFixedWidth = (type: string): boolean =>
  /^(?:int[248]|float[48]|bool|uuid|date|timestamp|timestamptz|time|timetz|interval|money|char|oid)$/.test(
    type,
  );
