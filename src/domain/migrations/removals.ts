import type { CreateFunctionStmt } from 'libpg-query';
import { type Catalog, copyOf, resolve } from './catalog';
import { isContract } from './contract';
import type { Subject } from './knowledge/rule';
import { parse, type Statement } from './parse';
import { loadParser } from './parser';
import { apply } from './schema';
import { forgetPath } from './search-path';
import { subjectsOf } from './subjects';
import { named, texts } from './syntax';
import type { Migration } from './types';

/** Something that a migration takes away under its name: by dropping, renaming or moving it. */
export interface Removal {
  /** Id of the migration. */
  migration: string;
  kind: 'relation' | 'routine';
  /** schema.name */
  of: string;
  /** Only this column of the relation. */
  column?: string;
  /** Without its schema the name leads the service's role to another one. */
  shadowed: boolean;
  /** Other relations that have a column of that name, the first of them: without the others a bare name rather counts as a use. */
  alsoIn: string[];
}
type Removed = Omit<Removal, 'migration' | 'shadowed' | 'alsoIn'>;

const COLUMNS = new Set(['AT_DropColumn', 'RenameStmt:OBJECT_COLUMN']);
const RELATIONS =
  /^(?:DropStmt|RenameStmt|AlterObjectSchemaStmt):OBJECT_(?:TABLE|VIEW|MATVIEW|FOREIGN_TABLE)$/;
const ROUTINES = /^(?:DropStmt|RenameStmt):OBJECT_(?:FUNCTION|PROCEDURE|ROUTINE)$/;
const SCHEMAS = new Set(['DropStmt:OBJECT_SCHEMA', 'RenameStmt:OBJECT_SCHEMA']);

function removedBy({ form, relation, name, catalog }: Subject): Removed[] {
  if (COLUMNS.has(form)) return [{ kind: 'relation', of: relation, column: name }];
  if (RELATIONS.test(form)) return [{ kind: 'relation', of: relation }];
  if (ROUTINES.test(form)) return [{ kind: 'routine', of: name }];
  if (!SCHEMAS.has(form)) return [];
  const inside = (keys: Iterable<string>) => [...keys].filter((key) => key.startsWith(`${name}.`));
  return [
    ...inside(catalog.tables.keys()).map((of) => ({ kind: 'relation' as const, of })),
    ...inside(catalog.routines.keys()).map((of) => ({ kind: 'routine' as const, of })),
  ];
}

/** They are filed for each column that is removed, and a column of every tenant's tables may be. */
const MOST_OTHERS = 100;

const withColumn = ({ tables }: Catalog, column: string | undefined) =>
  [...tables.values()]
    // there may be thousands of partitions, and nobody reads them by name
    .filter(({ partitionOf }) => partitionOf === undefined)
    .filter(({ columns }) => columns.some(({ name }) => name === column))
    .map(({ name }) => name);

const isThere = ({ tables }: Catalog, { of, column }: Removal): boolean =>
  column === undefined
    ? tables.has(of)
    : tables.get(of)?.columns.some(({ name }) => name === column) === true;

function isShadowed(catalog: Catalog, { kind, of }: Removed): boolean {
  const among = kind === 'routine' ? catalog.routines : catalog.tables;
  const meant = resolve(catalog, { relname: of.slice(of.indexOf('.') + 1) }, among);
  return meant !== of && among.has(meant);
}

/** A routine that a statement makes. */
const routineMade = ({ tag, node }: Statement, catalog: Catalog): string[] =>
  tag === 'CreateFunctionStmt'
    ? [resolve(catalog, named(texts((node as CreateFunctionStmt).funcname)), catalog.routines)]
    : [];

/**
 * What the contract migrations among the pending ones take away, each thing once. What the release has made itself is not
 * among it, nor what is there again in the end: a view made anew, a column that took the place; what cannot be read is left out. The given catalog stays as it is.
 */
export async function removalsOf(pending: readonly Migration[], catalog: Catalog): Promise<Removal[]> {
  if (pending.length > 0) await loadParser();
  const changing = copyOf(catalog);
  const known = ({ kind, of }: Pick<Removal, 'kind' | 'of'>) =>
    (kind === 'routine' ? catalog.routines : catalog.tables).has(of);
  const found = new Map<string, Removal>();
  const made = new Set<string>();
  for (const migration of pending) {
    for (const statement of parse(migration.up ?? '').statements) {
      const setting = { statement, catalog: changing, following: [], inTransaction: false };
      const removals = isContract(migration) ? subjectsOf(setting).flatMap(removedBy).filter(known) : [];
      for (const removal of removals) {
        const name = nameOf(removal);
        const alsoIn = withColumn(changing, removal.column)
          .filter((key) => key !== removal.of)
          .slice(0, MOST_OTHERS);
        const shadowed = isShadowed(catalog, removal);
        if (!found.has(name)) found.set(name, { migration: migration.id, ...removal, shadowed, alsoIn });
      }
      const missing = [...found].filter(
        ([, removal]) => removal.column !== undefined || !isThere(changing, removal),
      );
      apply(changing, statement);
      for (const [name, removal] of missing) if (isThere(changing, removal)) found.delete(name);
      // one that takes other arguments cannot be told from it
      for (const name of routineMade(statement, changing)) made.add(name);
    }
    forgetPath(changing);
  }
  return [...found.values()].filter(({ kind, of }) => kind !== 'routine' || !made.has(of));
}

/** As findings name it: "note of public.orders". */
export const nameOf = ({ of, column }: Pick<Removal, 'of' | 'column'>): string =>
  column === undefined ? of : `${column} of ${of}`;
