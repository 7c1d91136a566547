import type {
  AlterEnumStmt,
  AlterTableStmt,
  CreateFunctionStmt,
  DefineStmt,
  DropStmt,
  RenameStmt,
} from 'libpg-query';
import { domainsOver, resolve, tablesOf, tablesUsing, withParts } from '../catalog';
import { named, partsOfName, texts } from '../syntax';
import type { Subject } from './rule';

const TYPES = new Set(['DropStmt:OBJECT_TYPE', 'DropStmt:OBJECT_DOMAIN']);

/** What uses a function, type or sequence and would go with it, in words. */
export function usersOf({ form, name, catalog }: Subject<DropStmt>): string[] {
  if (TYPES.has(form)) {
    const tables = tablesUsing(catalog, name, true).map((table) => `table ${table.name}`);
    const domains = domainsOver(catalog, name).map((domain) => `domain ${domain}`);
    const made = tablesOf(catalog, name).map((table) => `table ${table}`);
    return [...new Set([...tables, ...made, ...(catalog.typeUsers.get(name) ?? domains)])];
  }
  if (form !== 'DropStmt:OBJECT_SEQUENCE') return catalog.routines.get(name)?.usedBy ?? [];
  const { owner, usedBy = [] } = catalog.sequences.get(name) ?? {};
  const identity =
    owner &&
    catalog.tables
      .get(owner.table)
      ?.columns.some((column) => column.name === owner.column && column.identity);
  return [
    ...usedBy.map((column) => `the default of ${column}`),
    ...(identity ? [`identity column ${owner.column} of ${owner.table}`] : []),
  ];
}

/** Tables with columns of a composite type, and what else uses it, in words. */
export const usersOfComposite = ({ catalog, relation }: Subject): string[] => [
  ...tablesUsing(catalog, relation, true).map((table) => table.name),
  ...(catalog.typeUsers.get(relation) ?? []).filter((user) => user.startsWith('function ')),
];

/** Tables that are locked when it goes with CASCADE. */
export function tablesUsed({ form, name, catalog }: Subject<DropStmt>): string[] {
  if (TYPES.has(form))
    return [...tablesUsing(catalog, name, true).map((table) => table.name), ...tablesOf(catalog, name)];
  if (form === 'DropStmt:OBJECT_SEQUENCE')
    return (catalog.sequences.get(name)?.usedBy ?? []).map((column) =>
      column.split('.').slice(0, 2).join('.'),
    );
  const tables = (catalog.routines.get(name)?.usedBy ?? []).flatMap((text) => {
    const table = /(?:on|of) (?:table )?((?:"[^"]*"|[^\s"])+)$/.exec(text)?.[1];
    if (table === undefined) return [];
    const parts = partsOfName(table);
    return parts.length > 1 ? parts.join('.') : `public.${parts[0]}`;
  });
  // what is on a partitioned table is on its partitions too
  return tables.flatMap((table) => withParts(catalog, table));
}

/** Something uses it, or nobody has looked. */
export function mayHaveUsers(subject: Subject<DropStmt>): boolean {
  const { form, name, catalog } = subject;
  const known = TYPES.has(form)
    ? catalog.enums.has(name) || catalog.domains.has(name) || catalog.composites.has(name)
    : form === 'DropStmt:OBJECT_SEQUENCE'
      ? catalog.sequences.has(name)
      : catalog.routines.has(name);
  return usersOf(subject).length > 0 || !known;
}

/** Nothing but triggers goes with it. */
export function isUsedByTriggers(subject: Subject<DropStmt>): boolean {
  const users = usersOf(subject);
  return users.length > 0 && users.every((user) => user.startsWith('trigger '));
}

/** CASCADE of ALTER TYPE … ATTRIBUTE: the tables that are made OF the type change with it. */
export const reachesTables = ({ node }: Subject): boolean => {
  const { behavior, cmds = [] } = node as RenameStmt & AlterTableStmt;
  return (
    behavior === 'DROP_CASCADE' ||
    cmds.some((part) => 'AlterTableCmd' in part && part.AlterTableCmd.behavior === 'DROP_CASCADE')
  );
};

/** Dropping it is refused, or takes more with it. */
export const isUsed = (subject: Subject<DropStmt>): boolean =>
  subject.node.behavior === 'DROP_CASCADE' ? mayHaveUsers(subject) : usersOf(subject).length > 0;

/** A function changes that may be called already: any but a new one, and one that the release itself has made. */
export function replacesRoutine({ form, node, catalog }: Subject<object>): boolean {
  if (form === 'AlterFunctionStmt') return true;
  const { replace, funcname, defnames, kind } = node as CreateFunctionStmt & DefineStmt;
  if (form === 'DefineStmt' && kind !== 'OBJECT_AGGREGATE') return false;
  const known = catalog.routines.get(resolve(catalog, named(texts(funcname ?? defnames)), catalog.routines));
  if (known) return known.created !== true;
  return replace === true && catalog.live !== true;
}

/**
 * Statements of a version name it: a function, a sequence that belongs to no column, a type of a column, in casts. What
 * belongs to a column, and a domain, they need not name; a trigger's function is called by its number.
 */
export function isNamedInStatements({ form, name, relation, catalog }: Subject): boolean {
  if (form.endsWith('FUNCTION')) return catalog.routines.get(name)?.trigger !== true;
  if (form.endsWith('SEQUENCE')) {
    const known = catalog.sequences.get(name);
    return known === undefined || (known.owner === undefined && known.usedBy.length === 0);
  }
  if (form.endsWith('DOMAIN')) return false;
  if (form.endsWith('ATTRIBUTE'))
    return tablesUsing(catalog, relation, true).length > 0 || !catalog.composites.has(relation);
  if (catalog.newTypes.has(name)) return false;
  const isType = catalog.enums.has(name) || catalog.composites.has(name);
  return !form.endsWith('OBJECT_TYPE') || !isType || tablesUsing(catalog, name, true).length > 0;
}

/** Columns have the enum, or nobody knows it; one that the release itself has made the live version cannot use. */
export function isEnumUsed({ node, catalog }: Subject<AlterEnumStmt>): boolean {
  const name = resolve(catalog, named(texts(node.typeName)), catalog.enums);
  if (catalog.newTypes.has(name)) return false;
  return !catalog.enums.has(name) || tablesUsing(catalog, name, true).length > 0;
}
