import type { AlterTableCmd, AlterTableStmt, Node, RoleSpec } from 'libpg-query';
import { type Catalog, copyOf, type Table } from '../catalog';
import { own } from '../schema/rights';
import { nameParts, options } from '../syntax';
import { EVERYBODY, superuser, workersOf } from './roles';
import type { Subject } from './rule';

const RIGHTS = ['select', 'insert', 'update', 'delete'];

/** The role of that name; undefined for CURRENT_USER and the like. */
const roleOf = (role: RoleSpec | undefined): string | undefined =>
  role?.roletype === 'ROLESPEC_CSTRING' ? role.rolename : undefined;

/** Whoever has the rights of one of the roles may do it with the table. */
const may = (catalog: Catalog, table: Table, roles: readonly string[], right: string): boolean =>
  roles.some((role) => superuser(catalog, role) || catalog.owners.get(table.name) === role) ||
  Object.entries(table.grants ?? {}).some(
    ([role, rights]) => (role === EVERYBODY || roles.includes(role)) && rights.includes(right),
  );

/** What gets another owner, by its key in `catalog.owners`, and which one. */
interface Change {
  key: string;
  to: RoleSpec | undefined;
}

function changesIn(subject: Subject): Change[] {
  const { form, node, relation, catalog } = subject;
  if (form === 'AT_ChangeOwner') return [{ key: relation, to: (node as AlterTableCmd).newowner }];
  if (form.startsWith('AlterTableStmt:'))
    return ((node as AlterTableStmt).cmds ?? []).flatMap((part) =>
      'AlterTableCmd' in part && part.AlterTableCmd.subtype === 'AT_ChangeOwner'
        ? [{ key: relation, to: part.AlterTableCmd.newowner }]
        : [],
    );
  if (form === 'AlterOwnerStmt') {
    const { objectType, object, newowner } = node as {
      objectType?: string;
      object?: Node;
      newowner?: RoleSpec;
    };
    return objectType === 'OBJECT_SCHEMA'
      ? [{ key: `schema ${nameParts(object).at(-1)}`, to: newowner }]
      : [];
  }
  const { roles = [], newrole } = node as { roles?: Node[]; newrole?: RoleSpec };
  const from = roles.flatMap((role) => ('RoleSpec' in role ? (roleOf(role.RoleSpec) ?? []) : []));
  return [...catalog.owners].flatMap(([key, owner]) => (from.includes(owner) ? [{ key, to: newrole }] : []));
}

/** A view reads what its owner may read, unless it asks for the rights of whoever reads it. */
const asksReader = ({ settings = [] }: Table): boolean =>
  settings.some((setting) => /^security_invoker=(?!false|off|no|0)/.test(setting));

const basesOf = (catalog: Catalog, view: string): Table[] =>
  [...catalog.tables.values()].filter(({ views }) => views.some(({ name }) => name === view));

/** Views of it whose owner could read it, and cannot then. */
const viewLoses = (before: Catalog, after: Catalog, table: Table): boolean =>
  table.views.some(({ name }) => {
    const [view, owner] = [before.tables.get(name), before.owners.get(name)];
    if (view?.kind !== 'view' || asksReader(view) || owner === undefined) return false;
    const roles = rolesOf(before, owner);
    return may(before, table, roles, 'select') && !may(after, after.tables.get(table.name)!, roles, 'select');
  });

const rolesOf = ({ roles }: Catalog, role: string): readonly string[] => roles?.get(role)?.has ?? [role];

/** Its owner may not read all that the view reads. */
const cannotRead = (catalog: Catalog, view: string, owner: string): boolean =>
  basesOf(catalog, view).some((table) => !may(catalog, table, rolesOf(catalog, owner), 'select'));

/** Rights on a table that a role at work has as its owner, and has no more when it belongs to another one. */
function loses(catalog: Catalog, { key, to: role }: Change): boolean {
  const owner = catalog.owners.get(key);
  const table = catalog.tables.get(key);
  const to = roleOf(role);
  if (table?.created || owner === to || to === undefined) return false;
  const after = copyOf(catalog);
  own(after, key, role);
  if (table?.kind === 'view' && !asksReader(table) && cannotRead(after, key, to)) return true;
  if (table && viewLoses(catalog, after, table)) return true;
  // whoever has rights by a GRANT is thought to work by that
  if (owner === undefined)
    return !catalog.live && table !== undefined && !Object.keys(table.grants ?? {}).length;
  const workers = workersOf(catalog) ?? [[owner]];
  return workers.some(
    (roles) =>
      roles.includes(owner) &&
      !roles.includes(to) &&
      key !== 'schema public' &&
      !(table && RIGHTS.every((right) => may(after, after.tables.get(key)!, roles, right))),
  );
}

/** Something is given to another owner of which a role at work then has too few rights. */
export function losesRightsOfOwner(subject: Subject): boolean {
  const changes = changesIn(subject);
  // files may not tell who owns what
  if (subject.form === 'ReassignOwnedStmt' && changes.length === 0) return subject.catalog.live !== true;
  return changes.some((change) => loses(subject.catalog, change));
}

const setsInvoker = ({ node }: Subject<AlterTableStmt>, subtype: string): Node[] =>
  (node.cmds ?? []).flatMap((part) =>
    'AlterTableCmd' in part &&
    part.AlterTableCmd.subtype === subtype &&
    part.AlterTableCmd.def &&
    'List' in part.AlterTableCmd.def
      ? (part.AlterTableCmd.def.List.items ?? [])
      : [],
  );

/** Somebody may read the view, and not what it reads, for which his own rights are asked from now on. */
export function asksWhoCannotRead(subject: Subject<AlterTableStmt>): boolean {
  const { table, catalog, relation } = subject;
  if (!table || table.created) return false;
  const set = setsInvoker(subject, 'AT_SetRelOptions');
  const named = set.some((node) => 'DefElem' in node && node.DefElem.defname === 'security_invoker');
  const on = options(set).includes('security_invoker');
  const off =
    (named && !on) || options(setsInvoker(subject, 'AT_ResetRelOptions')).includes('security_invoker');
  if (off) {
    const owner = catalog.owners.get(relation);
    return owner !== undefined && cannotRead(catalog, relation, owner);
  }
  if (!on) return false;
  const readers = workersOf(catalog) ?? Object.keys(table.grants ?? {}).map((role) => [role]);
  const bases = basesOf(catalog, relation);
  return (
    readers.length === 0 ||
    readers.some(
      (roles) =>
        may(catalog, table, roles, 'select') && bases.some((base) => !may(catalog, base, roles, 'select')),
    )
  );
}

/** All that are at work have the rights of the owner. */
export function isOwners({ catalog, relation }: Subject): boolean {
  const owner = catalog.owners.get(relation);
  const workers = workersOf(catalog);
  return owner !== undefined && workers?.every((roles) => roles.includes(owner)) === true;
}
