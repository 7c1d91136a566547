import { ident, typeSql } from '../names';
import { sweep } from './batches';
import { alter, slug } from './names';
import { notNullStages } from './not-null';
import { columnOf, type StagedPlan, stage, standingOn, type Target } from './stage';
import { bothWays, moveDefault } from './sync';

export function renameColumn(target: Target, before: string, after: string): StagedPlan {
  const column = columnOf(target, before);
  const type = column ? typeSql(column.type) : `<type of ${before}>`;
  const [a, b] = [ident(before), ident(after)];
  const both = bothWays(target, before, after);
  const of = slug(`${target.name}_${after}`);
  const standing = standingOn(target, before);
  const again = standing.length > 0 ? `; ${standing.join(', ')} must be made on ${after} too` : '';
  const notNull = column?.nullable === false;
  const toNew = column?.hasDefault ? [moveDefault(target, before, after)] : [];
  const toOld = column?.hasDefault ? [moveDefault(target, after, before)] : [];
  const restored = notNull ? [alter(target, `ALTER COLUMN ${a} SET NOT NULL`)] : [];
  return {
    change: `rename column ${target.name}.${before} to ${after}`,
    missing: column ? [] : [`the type of ${target.name}.${before}`],
    stages: [
      stage({
        name: `expand_${of}`,
        release: 1,
        when: 'first, in one transaction',
        up: `${alter(target, `ADD COLUMN ${b} ${type}`)}\n${both.create}`,
        down: `${both.drop}\n${alter(target, `DROP COLUMN ${b}`)}`,
        why: `both names exist, and the trigger keeps them the same whichever a version writes${again}`,
        works: { old: true, new: false },
      }),
      stage({
        name: `backfill_${of}`,
        release: 1,
        when: 'after the trigger is there, outside a transaction',
        up: sweep(target, `${b} = ${a}`, `${b} IS DISTINCT FROM ${a}`),
        down: '',
        why: 'rows from before the trigger get their value in small transactions; may be run again at any time',
        transactional: false,
      }),
      ...(notNull ? notNullStages(target, after, 1) : []),
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
        up: [both.drop, ...toNew, alter(target, `DROP COLUMN ${a}`)].join('\n'),
        down: [
          alter(target, `ADD COLUMN ${a} ${type}`),
          ...toOld,
          `UPDATE ${target.sql} SET ${a} = ${b};`,
          ...restored,
          both.create,
        ].join('\n'),
        why: 'the old name goes, and the trigger with it',
        works: { old: false, new: true },
      }),
    ],
  };
}
