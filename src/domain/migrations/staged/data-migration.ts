import { ident } from '../names';
import { byKey } from './batches';
import { slug } from './names';
import type { Source } from './source';
import { type StagedPlan, stage, type Target } from './stage';

/** A column by which every row has its place: the primary key, or a unique one that is never NULL. */
function keyOf({ known }: Target): string | undefined {
  const primary = known?.constraints.find(({ kind }) => kind === 'primary')?.columns;
  if (primary?.length === 1) return primary[0];
  const filled = (name: string) => known?.columns.some((column) => column.name === name && !column.nullable);
  const other = known?.indexes.find(
    ({ unique, valid, computed, columns }) =>
      unique && valid && !computed && columns.length === 1 && filled(columns[0]!),
  );
  return other?.columns[0];
}

export interface DataChange {
  act: 'update' | 'delete from';
  /** What the rest of the statement calls the table. */
  alias?: string;
  /** Columns that it sets. */
  sets: readonly string[];
  source: Source;
}

/** An UPDATE or DELETE of many rows, some thousand at a time. */
export function dataMigration(
  target: Target,
  { act, alias, sets, source }: DataChange,
): StagedPlan | undefined {
  const known = keyOf(target);
  // without a key of one column, or where it is set itself, a row could be met twice or not at all
  if (target.known && (known === undefined || sets.includes(known))) return undefined;
  const where = source.find(['WHERE'], 0);
  const end = source.find(['RETURNING'], 0);
  const head = source.between(0, where ?? end);
  const condition = where === undefined ? undefined : source.between(where + 'WHERE'.length, end);
  // a cursor's position is nothing that a batch could have
  if (condition?.toUpperCase().startsWith('CURRENT OF')) return undefined;
  const key = ident(known ?? 'id');
  const qualifiedKey = `${alias === undefined ? target.sql : ident(alias)}.${key}`;
  const statement = (batch: string) =>
    `${head}\n    WHERE ${condition === undefined ? '' : `(${condition}) AND `}${batch}`;
  return {
    change: `${act} ${target.name} in batches`,
    missing: known === undefined ? [`the primary key of ${target.name}; id was assumed`] : [],
    stages: [
      stage({
        name: `${act === 'update' ? 'update' : 'delete'}_${slug(target.name)}`,
        release: 1,
        when: 'apart from changes of the schema, outside a transaction',
        up: byKey(target, key, qualifiedKey, statement),
        down: null,
        why: 'each batch is a transaction of its own, so row locks last for milliseconds; a run that was interrupted goes on where it ended',
        transactional: false,
      }),
    ],
  };
}
