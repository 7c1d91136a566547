import type { IndexStmt, Node, RangeVar } from 'libpg-query';
import { type Catalog, type Index, resolve, type Table } from '../catalog';
import { isPlain, overColumns } from '../definitions';
import { indexesLike, madeName, partsOfName } from '../index-names';
import { columnsIn } from '../syntax';
import { inWords, useIn } from './objects';

export function createIndex(catalog: Catalog, node: IndexStmt) {
  const {
    relation,
    idxname,
    indexParams = [],
    indexIncludingParams = [],
    whereClause,
    unique,
    tableSpace,
    if_not_exists,
  } = node;
  const key = resolve(catalog, relation ?? {}, catalog.tables);
  const table = catalog.tables.get(key);
  if (!table || (if_not_exists && table.indexes.some(({ name }) => name === idxname))) return;
  const columns = indexParams.flatMap((param) => ('IndexElem' in param ? (param.IndexElem.name ?? []) : []));
  const included = indexIncludingParams.flatMap((param) =>
    'IndexElem' in param ? (param.IndexElem.name ?? []) : [],
  );
  const computed = columnsIn({ indexParams, whereClause });
  const parts = partsOfName([...indexParams, ...indexIncludingParams]);
  const index: Index = {
    name:
      idxname ??
      madeName(key.slice(key.indexOf('.') + 1), parts, 'idx', (name) =>
        table.indexes.some((one) => one.name === name),
      ),
    columns,
    ...(parts.length !== columns.length && { parts }),
    unique: unique === true,
    valid: true,
    created: true,
    reads: [...new Set([...columns, ...included, ...computed])],
    computed: whereClause !== undefined || columns.length < indexParams.length,
    space: tableSpace ?? 'pg_default',
    method: node.accessMethod ?? 'btree',
    ...(isPlain(node) && { definition: overColumns(columns) }),
  };
  catalog.tables.set(key, { ...table, indexes: [...table.indexes, index] });
  useIn(catalog, { indexParams, whereClause }, `index ${index.name} of table ${inWords(key)}`);
  if (relation?.inh === true) passOnIndexes(catalog, key, [index.name]);
}

/** Partitions have the indexes of their parent, made like it or found there, and keys of the same kind. */
export function passOnIndexes(catalog: Catalog, parent: string, names: readonly string[]) {
  const whole = catalog.tables.get(parent);
  if (whole?.kind !== 'partitioned') return;
  for (const part of [...catalog.tables.values()].filter(({ partitionOf }) => partitionOf === parent)) {
    catalog.tables.set(part.name, withIndexesOf(whole, part, names));
    passOnIndexes(
      catalog,
      part.name,
      catalog.tables
        .get(part.name)!
        .indexes.flatMap(({ name, partOf }) => (partOf !== undefined && names.includes(partOf) ? name : [])),
    );
  }
}

const isLike = (index: Index, other: Index) =>
  index.unique === other.unique &&
  index.computed === other.computed &&
  index.columns.join() === other.columns.join() &&
  index.reads.join() === other.reads.join();

function withIndexesOf(whole: Table, part: Table, names: readonly string[]): Table {
  let after = part;
  for (const index of whole.indexes.filter(({ name }) => names.includes(name))) {
    if (after.indexes.some(({ partOf }) => partOf === index.name)) continue;
    const found = after.indexes.find((one) => one.partOf === undefined && isLike(one, index));
    if (found) {
      after = {
        ...after,
        indexes: after.indexes.map((one) => (one === found ? { ...one, partOf: index.name } : one)),
      };
      continue;
    }
    const [own] = indexesLike({ ...whole, indexes: [index] }, after);
    const key = whole.constraints.find(({ name }) => name === index.name);
    after = {
      ...after,
      columns: after.columns.map((column) =>
        key?.kind === 'primary' && key.columns.includes(column.name)
          ? { ...column, nullable: false }
          : column,
      ),
      indexes: [...after.indexes, own!],
      ...(key && { constraints: [...after.constraints, { ...key, name: own!.name }] }),
    };
  }
  return after;
}

/** Indexes that are parts of others that go, over any number of partitions, go with them, and so do their keys. */
export function dropParts(catalog: Catalog, gone: string) {
  if (catalog.heirless) return;
  for (const table of catalog.tables.values()) {
    const parts = table.indexes.filter(({ partOf }) => partOf === gone).map(({ name }) => name);
    if (parts.length === 0) continue;
    catalog.tables.set(table.name, {
      ...table,
      indexes: table.indexes.filter(({ name }) => !parts.includes(name)),
      constraints: table.constraints.filter(({ name }) => !parts.includes(name)),
    });
    for (const part of parts) dropParts(catalog, part);
  }
}

/** ALTER INDEX … ATTACH PARTITION. */
export function attachIndex(catalog: Catalog, parent: RangeVar | undefined, commands: readonly Node[]) {
  for (const command of commands) {
    const { subtype, def } = 'AlterTableCmd' in command ? command.AlterTableCmd : {};
    if (subtype !== 'AT_AttachPartition' || !def || !('PartitionCmd' in def)) continue;
    const part = def.PartitionCmd.name?.relname;
    for (const table of catalog.tables.values())
      if (table.indexes.some(({ name }) => name === part))
        catalog.tables.set(table.name, {
          ...table,
          indexes: table.indexes.map((one) =>
            one.name === part ? { ...one, partOf: parent?.relname } : one,
          ),
        });
  }
}

export function renameIndex(catalog: Catalog, from: string | undefined, to: string) {
  for (const table of catalog.tables.values())
    if (table.indexes.some(({ name, partOf }) => name === from || partOf === from))
      catalog.tables.set(table.name, {
        ...table,
        indexes: table.indexes.map((one) => ({
          ...one,
          name: one.name === from ? to : one.name,
          ...(one.partOf === from && { partOf: to }),
        })),
        constraints: table.constraints.map((one) => (one.name === from ? { ...one, name: to } : one)),
      });
}
