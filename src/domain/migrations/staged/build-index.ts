import { type Catalog, partitionsOf, type Table } from '../catalog';
import { ident, made, qualified } from '../names';
import { slug } from './names';
import { type Stage, stage, type Target } from './stage';

/** An index to be built while everybody writes. */
export interface Build {
  name: string;
  unique: boolean;
  /** As SQL behind its table. */
  definition: string;
  /** What PostgreSQL calls the index of a partition behind the name of that partition: its columns, and "idx". */
  suffix: readonly string[];
}

const WHY =
  'built while everybody writes; after a failure an invalid index is left, which has to be dropped first';

export interface Part {
  sql: string;
  schema: string;
  name: string;
  /** It has partitions of its own. */
  split: boolean;
  /** The table that it is a partition of, as SQL. */
  parent: string;
  table: Table;
}

/** A name of the catalog's as SQL. */
export const sqlOf = (key: string): string => {
  const dot = key.indexOf('.');
  return qualified(key.slice(0, dot), key.slice(dot + 1));
};

/** Partitions at every depth, those with partitions of their own before these; none of a plain table. */
export function partsOf({ catalog, key, known }: Target): Part[] {
  if (!catalog || known?.kind !== 'partitioned') return [];
  return partitionsOf(catalog, key).map((table) => {
    const dot = table.name.indexOf('.');
    const [schema, name] = [table.name.slice(0, dot), table.name.slice(dot + 1)];
    const split = table.kind === 'partitioned';
    return {
      sql: qualified(schema, name),
      schema,
      name,
      split,
      parent: sqlOf(table.partitionOf ?? key),
      table,
    };
  });
}

const taken = (catalog: Catalog | undefined, schema: string, name: string) =>
  [...(catalog?.tables.values() ?? [])].some(
    (table) =>
      table.name === `${schema}.${name}` ||
      (table.name.startsWith(`${schema}.`) && table.indexes.some((index) => index.name === name)),
  );

function free({ catalog }: Target, schema: string, name: string, suffix: readonly string[]): string {
  const numbered = (n: number): string => {
    const plain = made(name, ...suffix.slice(0, -1), `${suffix.at(-1) ?? ''}${n === 0 ? '' : n}`);
    return taken(catalog, schema, plain) ? numbered(n + 1) : plain;
  };
  return numbered(0);
}

/** As PostgreSQL would name an index: with a number where the name is taken. */
export const freeName = (target: Target, suffix: readonly string[]): string =>
  free(target, target.key.slice(0, target.key.indexOf('.')), target.name, suffix);

/** The same for that of a partition. */
export const nameIn = (target: Target, { schema, name }: Part, suffix: readonly string[]): string =>
  free(target, schema, name, suffix);

export interface Placed {
  release: number;
  when: string;
  works?: Stage['works'];
}

const create = (unique: boolean) => `CREATE ${unique ? 'UNIQUE ' : ''}INDEX`;

/** The same index on each partition that has rows; what joins them, with the parent's, is left to the caller. */
export function buildInParts(target: Target, { unique, definition, suffix }: Build, placed: Placed): Stage[] {
  return partsOf(target)
    .filter(({ split }) => !split)
    .map((part) => {
      const name = nameIn(target, part, suffix);
      return stage({
        name: `build_${slug(name)}`,
        ...placed,
        up: `${create(unique)} CONCURRENTLY ${ident(name)} ON ${part.sql} ${definition};`,
        down: `DROP INDEX CONCURRENTLY ${qualified(part.schema, name)};`,
        why: WHY,
        transactional: false,
      });
    });
}

/** Builds an index. That of a partitioned table is built partition by partition, which PostgreSQL does not do by itself. */
export function buildIndex(target: Target, build: Build, placed: Placed): Stage[] {
  const { name, unique, definition, suffix } = build;
  const parts = partsOf(target);
  const on = (only: string, sql: string, index: string) =>
    `${create(unique)} ${index} ON ${only}${sql} ${definition};`;
  if (target.known?.kind !== 'partitioned')
    return [
      stage({
        name: `build_${slug(name)}`,
        ...placed,
        up: on('', target.sql, `CONCURRENTLY ${ident(name)}`),
        down: `DROP INDEX CONCURRENTLY ${qualified(target.schema, name)};`,
        why: WHY,
        transactional: false,
      }),
    ];
  const indexOf = (sql: string) => {
    const part = parts.find((one) => one.sql === sql);
    return part ? qualified(part.schema, nameIn(target, part, suffix)) : qualified(target.schema, name);
  };
  const joined = parts.flatMap((part) => {
    const own = nameIn(target, part, suffix);
    return [
      ...(part.split ? [on('ONLY ', part.sql, ident(own))] : []),
      `ALTER INDEX ${indexOf(part.parent)} ATTACH PARTITION ${qualified(part.schema, own)};`,
    ];
  });
  const again = parts
    .filter(({ split }) => !split)
    .map((part) => on('', part.sql, ident(nameIn(target, part, suffix))));
  return [
    ...buildInParts(target, build, placed),
    stage({
      name: `join_${slug(name)}`,
      ...placed,
      when: 'after the indexes of all partitions are there and valid',
      up: [on('ONLY ', target.sql, ident(name)), ...joined].join('\n'),
      // the partitions' go with it, and must be there again for the steps before to be taken back
      down: [`DROP INDEX ${qualified(target.schema, name)};`, ...again].join('\n'),
      why: 'takes milliseconds: every partition has its index',
    }),
  ];
}
