import { ident } from '../names';
import { byKey } from './batches';
import { slug } from './names';
import type { Source } from './source';
import { type StagedPlan, stage, type Target } from './stage';

/** The only column of the primary key; undefined when there is none or it has several. */
function keyOf({ known }: Target): string | undefined {
  const columns = known?.constraints.find(({ kind }) => kind === 'primary')?.columns;
  return columns?.length === 1 ? columns[0] : undefined;
}

export interface DataChange {
  act: 'update' | 'delete from';
  /** What the rest of the statement calls the table. */
  alias?: string;
  source: Source;
}

/** An UPDATE or DELETE of many rows, some thousand at a time. */
export function dataMigration(target: Target, { act, alias, source }: DataChange): StagedPlan | undefined {
  const where = source.find(['WHERE'], 0);
  const end = source.find(['RETURNING'], 0);
  const head = source.between(0, where ?? end);
  const condition = where === undefined ? undefined : source.between(where + 'WHERE'.length, end);
  // a cursor's position is nothing that a batch could have
  if (condition?.toUpperCase().startsWith('CURRENT OF')) return undefined;
  const key = ident(keyOf(target) ?? 'id');
  const qualifiedKey = `${alias === undefined ? target.sql : ident(alias)}.${key}`;
  const statement = (batch: string) =>
    `${head}\n    WHERE ${condition === undefined ? '' : `(${condition}) AND `}${batch}`;
  return {
    change: `${act} ${target.name} in batches`,
    missing: keyOf(target) === undefined ? [`the primary key of ${target.name}; id was assumed`] : [],
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
