import type { AlterTableCmd, Constraint, CreateStmt, IndexStmt } from 'libpg-query';
import { asColumn, asConstraint, texts, typeOf } from '../../syntax';
import { noLocks, rule, type Subject } from '../rule';

/** What a method cannot do. Source: PostgreSQL documentation, "Index Access Method Functions"; amcan… of each handler. */
const METHODS: Record<string, { keys?: true; columns?: true; include?: true; order?: true; apart?: true }> = {
  btree: { keys: true, columns: true, include: true, order: true, apart: true },
  hash: { apart: true },
  gist: { columns: true, include: true, apart: true },
  spgist: { include: true, apart: true },
  gin: { columns: true },
  brin: { columns: true },
};

const isOrdered = (word: string | undefined) => word !== undefined && !word.endsWith('_DEFAULT');

function ofIndex({ accessMethod = 'btree', unique, indexParams = [], indexIncludingParams }: IndexStmt) {
  const able = METHODS[accessMethod];
  if (!able) return undefined;
  const method = `USING ${accessMethod}`;
  if (unique && !able.keys) return `a unique index ${method}, which keeps no values apart`;
  if (indexParams.length > 1 && !able.columns) return `an index ${method} of more than one column`;
  if (indexIncludingParams && !able.include) return `an index ${method} with INCLUDE`;
  const isSorted = indexParams.some(
    (one) =>
      'IndexElem' in one && (isOrdered(one.IndexElem.ordering) || isOrdered(one.IndexElem.nulls_ordering)),
  );
  return isSorted && !able.order ? `an index ${method} with an order` : undefined;
}

/** Types of which no range can be made up of one value. */
const SCALAR =
  /^(?:int[248]|float[48]|numeric|bool|text|varchar|bpchar|uuid|date|timestamp|timestamptz|time|timetz|interval|bytea|jsonb?|money)$/;

function ofRule(
  { contype, access_method: method, keys, without_overlaps }: Constraint,
  typeNamed: (name: string) => string | undefined,
) {
  if (contype === 'CONSTR_EXCLUSION')
    return method && METHODS[method] && !METHODS[method].apart
      ? `an exclusion USING ${method}, which keeps no rows apart`
      : undefined;
  if (!without_overlaps) return undefined;
  const columns = texts(keys);
  const last = columns.at(-1) ?? '';
  if (columns.length < 2) return `WITHOUT OVERLAPS of ${last} alone, where it needs a column beside it`;
  return SCALAR.test(typeNamed(last) ?? '') ? `WITHOUT OVERLAPS of ${last}, which is no range` : undefined;
}

function unfit({ form, node, table }: Subject): string | undefined {
  if (form === 'IndexStmt') return ofIndex(node as IndexStmt);
  const { def, tableElts = [] } = node as AlterTableCmd & CreateStmt;
  const elements = [...tableElts, ...(def ? [def] : [])];
  const typeNamed = (name: string) => {
    const own = elements.map(asColumn).find((column) => column?.colname === name);
    return own ? typeOf(own.typeName).name : table?.columns.find((column) => column.name === name)?.type.name;
  };
  for (const constraint of elements.map(asConstraint)) {
    const wrong = constraint && ofRule(constraint, typeNamed);
    if (wrong) return wrong;
  }
  return undefined;
}

export const indexUnfit = rule({
  id: 'index-unfit',
  on: ['IndexStmt', 'AT_AddConstraint', 'CreateStmt'],
  condition:
    'an index that its method cannot be: unique, of several columns, with INCLUDE or an order USING hash, gin and the like; EXCLUDE USING gin or brin; WITHOUT OVERLAPS of one column or of no range (18)',
  matches: (s) => unfit(s) !== undefined,
  effect: { locks: noLocks, fails: true },
  says: (s) => `making ${unfit(s)},`,
  remedy: () => ['Use btree, or gist where ranges are compared.'],
  unsafe: { sql: 'CREATE UNIQUE INDEX items_sku_hash ON items USING hash (sku)' },
  safe: { sql: 'CREATE INDEX CONCURRENTLY items_sku_hash ON items USING hash (sku)' },
});
