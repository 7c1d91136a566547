import { partitionsOf } from '../catalog';
import { ident, typeSql } from '../names';
import { sweep } from './batches';
import { likeness, refuseWhileStanding } from './likeness';
import { alter, slug } from './names';
import { columnOf, type StagedPlan, stage, type Target } from './stage';
import { mirrored } from './standing';
import { bothWays, differ } from './sync';

/** No trigger sees what is written to heirs, moves a row to another partition or sets what is computed. */
const cannotBeDoubled = ({ known, catalog, key }: Target, name: string) =>
  known !== undefined &&
  catalog !== undefined &&
  ((known.kind !== 'partitioned' && partitionsOf(catalog, key).length > 0) ||
    (known.partitionKey ?? []).includes(name) ||
    known.columns.some((column) => column.name === name && column.generated !== undefined));

/** What works for the former name alone until it is the column that gets the new one. */
function untilThen({ known }: Target, before: string, after: string): string {
  const indexes = (known?.indexes ?? []).filter(
    ({ reads, definition }) => reads.includes(before) && definition === undefined,
  );
  const triggers = (known?.columnUsers ?? []).filter(
    ({ kind, columns }) => kind === 'trigger' && columns.includes(before),
  );
  const names = (list: readonly { name: string }[]) => list.map(({ name }) => name).join(', ');
  return [
    ...(indexes.length > 0
      ? [
          `\n${names(indexes)} has no double, because no file gives it in plain columns: make one on ${ident(after)} where the new version needs it`,
        ]
      : []),
    ...(triggers.length > 0 ? [`\n${names(triggers)} does not see what is written as ${ident(after)}`] : []),
  ].join('');
}

/**
 * The new name is a second column for as long as two versions write, and gives way to the renaming itself in the end:
 * so all that stands on the column stays what it is.
 */
export function renameColumn(target: Target, before: string, after: string): StagedPlan | undefined {
  if (cannotBeDoubled(target, before)) return undefined;
  const column = columnOf(target, before);
  const type = column ? typeSql(column.type) : `<type of ${before}>`;
  const [a, b] = [ident(before), ident(after)];
  const both = bothWays(target, before, after, column?.type.name);
  const of = slug(`${target.name}_${after}`);
  const rename = (from: string, to: string) => `ALTER TABLE ${target.sql} RENAME COLUMN ${from} TO ${to};`;
  const expand = [
    alter(target, `ADD COLUMN ${b} ${type}`),
    likeness(target, before, after),
    both.create,
  ].join('\n');
  const indexes = mirrored(target, before, after, {
    release: 1,
    when: 'after the backfill, outside a transaction',
  });
  const explicit =
    column?.hasDefault && column.nullable ? `; a NULL that is inserted as ${after} becomes the default` : '';
  return {
    change: `rename column ${target.name}.${before} to ${after}`,
    missing: column ? [] : [`the type of ${target.name}.${before}`],
    stages: [
      stage({
        name: `expand_${of}`,
        release: 1,
        when: 'first, in one transaction',
        up: expand,
        down: `${both.drop}\n${alter(target, `DROP COLUMN ${b}`)}`,
        why: `both names exist, and the trigger keeps them the same whichever a version writes${explicit}${untilThen(target, before, after)}`,
        works: { old: true, new: false },
      }),
      stage({
        name: `backfill_${of}`,
        release: 1,
        when: 'after the trigger is there, outside a transaction',
        up: sweep(target, `${b} = ${a}`, differ(b, a, column?.type.name)),
        down: '',
        why: 'rows from before the trigger get their value in small transactions; may be run again at any time',
        transactional: false,
        works: { old: true, new: indexes.stages.length === 0 },
      }),
      ...indexes.stages.map((one, i) => ({
        ...one,
        works: { old: true, new: i === indexes.stages.length - 1 },
      })),
      stage({
        name: `switch_${of}`,
        release: 1,
        when: `with this release's application, which reads and writes ${after} only`,
        up: '',
        down: '',
        why: `the previous version goes on with ${before}, so going back to it loses nothing`,
      }),
      stage({
        name: `contract_${of}`,
        phase: 'contract',
        release: 2,
        when: `after the safety period, when no version that knows ${before} runs or will be gone back to`,
        up: [
          both.drop,
          refuseWhileStanding(target, after, before, indexes.names),
          alter(target, `DROP COLUMN ${b}`),
          rename(a, b),
        ].join('\n'),
        down: [
          rename(b, a),
          expand,
          `UPDATE ${target.sql} SET ${b} = ${a};`,
          // PostgreSQL builds no index on a table while triggers of the transaction wait for its end
          ...(indexes.again.length > 0 ? ['SET CONSTRAINTS ALL IMMEDIATE;', ...indexes.again] : []),
        ].join('\n'),
        why: `the double goes, and the column itself gets its name, so its keys, indexes, default and rights are what they were; takes milliseconds`,
        works: { old: false, new: true },
      }),
    ],
  };
}
