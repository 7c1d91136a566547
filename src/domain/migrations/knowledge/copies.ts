import type { CopyStmt, InsertStmt, RangeVar } from 'libpg-query';
import { partitionsOf, resolve } from '../catalog';
import { relationsIn } from '../schema/held';
import { some } from '../syntax';
import type { Subject } from './rule';

/** Tables that the SELECT of an INSERT reads. */
export function readFrom({ node, catalog }: Subject<InsertStmt>): string[] {
  const names = new Set<string>();
  some({ select: node.selectStmt }, (tag, found) => {
    if (tag === 'RangeVar') names.add(resolve(catalog, found as RangeVar, catalog.tables));
    return false;
  });
  return [...names].filter((name) => catalog.tables.has(name) || !catalog.live);
}

/** A table of the system's own, which is small. */
const isSystem = (name: string): boolean => /^(?:pg_catalog|information_schema)\.|\.pg_/.test(name);

/** Tables that a query reads; none where it is only to be known. */
export function readByQuery({ node, catalog, form }: Subject<object>): string[] {
  const { into, query = node } = node as { into?: { skipData?: boolean }; query?: object };
  if (into?.skipData) return [];
  const names = relationsIn(catalog, form === 'SelectStmt' || query === node ? node : query).flatMap(
    (name) => [name, ...partitionsOf(catalog, name).map((part) => part.name)],
  );
  return names.filter((name) => catalog.tables.has(name) || !(catalog.live || isSystem(name)));
}

/** A materialized view, and the tables that filling it anew reads. */
export const readByView = ({ catalog, relation }: Subject): string[] => [
  relation,
  ...[...catalog.tables.values()]
    .filter(({ views }) => views.some(({ name }) => name === relation))
    .flatMap(({ name }) => [name, ...partitionsOf(catalog, name).map((part) => part.name)]),
];

/** COPY of a table, or of what a SELECT finds, to somebody outside. */
export const copiesOut = (node: CopyStmt): boolean =>
  node.is_from !== true && (node.query === undefined || 'SelectStmt' in node.query);
