import type { ClientBase } from 'pg';
import type {
  Catalog,
  Column,
  ColumnUser,
  Constraint,
  Domain,
  Index,
  Routine,
  Sequence,
  Table,
} from '../domain/migrations/catalog';
import {
  COLUMN_USERS,
  COLUMNS,
  COMPOSITES,
  CONSTRAINTS,
  DOMAINS,
  ENUMS,
  INDEXES,
  OBJECTS,
  OWNERS,
  PUBLICATIONS,
  ROLES,
  ROUTINES,
  SEQUENCES,
  SERVER,
  TABLES,
  TYPE_USERS,
  VIEWS,
} from './catalog-queries';

interface Owned {
  table: string;
}

interface Named {
  name: string;
}

/** Groups rows by the table they belong to, without naming it again. */
function byTable<T extends object>(rows: (T & Owned)[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const { table, ...rest } of rows) {
    const group = groups.get(table) ?? [];
    group.push(rest as unknown as T);
    groups.set(table, group);
  }
  return groups;
}

const withoutNulls = <T extends object>(row: T): T =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as T;

async function read(client: ClientBase): Promise<Catalog> {
  const rows = async <T extends object>(text: string) => (await client.query<T>(text)).rows.map(withoutNulls);
  const [server] =
    await rows<Pick<Catalog, 'major' | 'timeZone' | 'searchPath' | 'working' | 'defaultRights' | 'schemas'>>(
      SERVER,
    );
  const tables =
    await rows<Omit<Table, 'columns' | 'constraints' | 'indexes' | 'views' | 'columnUsers'>>(TABLES);
  const columns = byTable(await rows<Column & Owned>(COLUMNS));
  const constraints = byTable(await rows<Constraint & Owned>(CONSTRAINTS));
  const indexes = byTable(await rows<Index & Owned>(INDEXES));
  const views = byTable(await rows<Table['views'][number] & Owned>(VIEWS));
  const columnUsers = byTable(await rows<ColumnUser & Owned>(COLUMN_USERS));
  const sequences = await rows<Sequence & Named>(SEQUENCES);
  const routines = await rows<Routine & Named>(ROUTINES);
  const typeUsers = await rows<Named & { users: string[] }>(TYPE_USERS);
  const composites = await rows<Named & { types: string[] }>(COMPOSITES);
  const domains = await rows<Domain & Named>(DOMAINS);
  const enums = await rows<{ name: string; labels: string[] }>(ENUMS);
  const publications = await rows<Named & { changes: boolean }>(PUBLICATIONS);
  const owners = await rows<Named & { owner: string }>(OWNERS);
  const roles = await rows<Named & { has: string[]; powers: string[] }>(ROLES);
  const objects = await rows<Named>(OBJECTS);
  return {
    ...server!,
    live: true,
    publications: new Map(publications.map(({ name, changes }) => [name, changes])),
    owners: new Map(owners.map(({ name, owner }) => [name, owner])),
    roles: new Map(roles.map(({ name, ...role }) => [name, role])),
    objects: new Set(objects.map(({ name }) => name)),
    tables: new Map(
      tables.map((table) => [
        table.name,
        {
          ...table,
          columns: columns.get(table.name) ?? [],
          constraints: constraints.get(table.name) ?? [],
          indexes: indexes.get(table.name) ?? [],
          views: views.get(table.name) ?? [],
          columnUsers: columnUsers.get(table.name) ?? [],
        },
      ]),
    ),
    domains: new Map(domains.map(({ name, ...domain }) => [name, domain])),
    typeUsers: new Map(typeUsers.map(({ name, users }) => [name, users])),
    composites: new Map(composites.map(({ name, types }) => [name, types])),
    sequences: new Map(sequences.map(({ name, ...sequence }) => [name, sequence])),
    routines: new Map(routines.map(({ name, ...routine }) => [name, routine])),
    newTypes: new Set(),
    enums: new Map(enums.map(({ name, labels }) => [name, labels])),
  };
}

/**
 * What decides how a migration behaves: tables with their sizes, columns, constraints, indexes and views, domains and
 * enums, of all schemas of the user's. Sizes are the statistics' estimates. Reads in one read-only transaction and
 * locks no table; rejects with PostgreSQL's error, the transaction then rolled back.
 */
export async function readCatalog(client: ClientBase): Promise<Catalog> {
  await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    return await read(client);
  } finally {
    await client.query('ROLLBACK').catch(() => {});
  }
}
