import type { DropStmt, RenameStmt } from 'libpg-query';
import { type Catalog, copyOf, partitionsOf, resolve, type Table } from '../catalog';
import { actsInside } from '../inside';
import { follow, forgetObjects, moveObjects } from '../named-objects';
import type { Statement } from '../parse';
import { followPath } from '../search-path';
import { named, nameParts } from '../syntax';
import { alterTable } from './alter-table';
import { dropNumbers, setColumn } from './columns';
import { createTable } from './create-table';
import { dropObject } from './drop-object';
import { forgetRelation, forgetUsers } from './forget';
import { createIndex, dropParts, renameIndex } from './indexes';
import { objectChanges } from './objects';

function drop(catalog: Catalog, { removeType, objects = [] }: DropStmt) {
  for (const object of objects) {
    const parts = nameParts(object);
    if (removeType === 'OBJECT_TABLE' || removeType === 'OBJECT_VIEW' || removeType === 'OBJECT_MATVIEW') {
      const gone = resolve(catalog, named(parts), catalog.tables);
      for (const part of partitionsOf(catalog, gone)) catalog.tables.delete(part.name);
      catalog.tables.delete(gone);
      dropNumbers(catalog, gone);
      forgetRelation(catalog, gone);
      forgetObjects(catalog, gone);
      for (const table of catalog.tables.values()) {
        const views = table.views.filter(({ name }) => name !== gone);
        if (views.length < table.views.length) catalog.tables.set(table.name, { ...table, views });
      }
    }
    if (removeType === 'OBJECT_INDEX') {
      for (const table of catalog.tables.values()) {
        const indexes = table.indexes.filter(({ name }) => name !== parts.at(-1));
        if (indexes.length < table.indexes.length) catalog.tables.set(table.name, { ...table, indexes });
      }
      dropParts(catalog, parts.at(-1) ?? '');
      forgetUsers(catalog, (user) => user.startsWith(`index ${parts.at(-1)} of `));
    }
    dropObject(catalog, removeType, object);
  }
}

function renamedColumn(table: Table, from: string | undefined, to: string): Table {
  const own = (columns: string[]) => columns.map((name) => (name === from ? to : name));
  return {
    ...setColumn(table, from, { name: to }),
    constraints: table.constraints.map((one) => ({
      ...one,
      columns: own(one.columns),
      // what is written out has the former name
      ...(one.columns.includes(from ?? '') && { definition: undefined }),
    })),
    indexes: table.indexes.map((one) => ({
      ...one,
      columns: own(one.columns),
      reads: own(one.reads),
      ...(one.reads.includes(from ?? '') && { definition: undefined }),
    })),
    columnUsers: table.columnUsers?.map((one) => ({ ...one, columns: own(one.columns) })),
    views: table.views.map((one) => ({ ...one, columns: own(one.columns) })),
  };
}

function rename(catalog: Catalog, { renameType, relation, subname, newname = '' }: RenameStmt) {
  if (renameType === 'OBJECT_INDEX') return renameIndex(catalog, relation?.relname, newname);
  const key = resolve(catalog, relation ?? {}, catalog.tables);
  const table = catalog.tables.get(key);
  if (!table) return;
  if (renameType === 'OBJECT_TABLE') {
    const name = `${key.slice(0, key.indexOf('.'))}.${newname}`;
    catalog.tables.delete(key);
    catalog.tables.set(name, { ...table, name });
    moveObjects(catalog, key, name);
    for (const other of catalog.tables.values()) {
      if (other.partitionOf === key) catalog.tables.set(other.name, { ...other, partitionOf: name });
      if (other.constraints.some(({ references }) => references === key))
        catalog.tables.set(other.name, {
          ...other,
          constraints: other.constraints.map((constraint) =>
            constraint.references === key ? { ...constraint, references: name } : constraint,
          ),
        });
    }
  }
  if (renameType === 'OBJECT_TABCONSTRAINT')
    catalog.tables.set(key, {
      ...table,
      constraints: table.constraints.map((one) => (one.name === subname ? { ...one, name: newname } : one)),
      indexes: table.indexes.map((one) => (one.name === subname ? { ...one, name: newname } : one)),
    });
  if (renameType === 'OBJECT_COLUMN') catalog.tables.set(key, renamedColumn(table, subname, newname));
}

const CHANGES: Record<string, (catalog: Catalog, node: never) => void> = {
  CreateStmt: createTable,
  AlterTableStmt: alterTable,
  DropStmt: drop,
  RenameStmt: rename,
  IndexStmt: createIndex,
  ...objectChanges,
};

/** Carries a statement out in a catalog that the caller owns. Forms that change nothing of what is known are ignored. */
export function apply(catalog: Catalog, statement: Pick<Statement, 'tag' | 'node'>): void {
  followPath(catalog, statement);
  follow(catalog, statement);
  CHANGES[statement.tag]?.(catalog, statement.node as never);
  for (const act of actsInside(statement)) apply(catalog, act);
}

/** Tables of earlier releases. A table is never changed but replaced, so most stay what they are from release to release. */
const earlier = new WeakSet<Table>();

/** Makes the tables of a release those of an earlier one: nobody knows how many rows they have by now. */
export function deployed(catalog: Catalog): Catalog {
  for (const [name, table] of catalog.tables) {
    if (table.temporary) catalog.tables.delete(name);
    if (earlier.has(table) || table.temporary) continue;
    const { created: _, copied: ______, rows: __, bytes: ___, columns, ...rest } = table;
    const plain = columns.map(
      ({ created: ____, nullShare: _____, frequent: _______, unfilled: ________, ...column }) => column,
    );
    const indexes = rest.indexes.map(({ created: _____________, ...index }) => index);
    const before: Table = { ...rest, indexes, columns: plain };
    earlier.add(before);
    catalog.tables.set(name, before);
  }
  catalog.newTypes.clear();
  for (const [name, sequence] of catalog.sequences)
    if (sequence.created) catalog.sequences.set(name, { ...sequence, created: undefined });
  for (const [name, routine] of catalog.routines)
    if (routine.created) catalog.routines.set(name, { ...routine, created: undefined });
  return catalog;
}

/** The catalog after a statement; the given one stays as it is. */
export function withStatement(catalog: Catalog, statement: Pick<Statement, 'tag' | 'node'>): Catalog {
  const changed = copyOf(catalog);
  apply(changed, statement);
  return changed;
}
