import { ident, made } from '../names';
import { alter, slug } from './names';
import { columnOf, type Stage, type StagedPlan, stage, type Target } from './stage';

/** The three steps from "no more NULL is written" to NOT NULL, none of which reads the table under a strong lock. */
export function notNullStages(
  target: Target,
  column: string,
  release: number,
  works = { old: true, new: true },
): Stage[] {
  const c = ident(column);
  const check = ident(made(target.name, column, 'not_null_check'));
  const add = `ADD CONSTRAINT ${check} CHECK (${c} IS NOT NULL) NOT VALID`;
  const of = slug(`${target.name}_${column}`);
  return [
    stage({
      name: `forbid_null_${of}`,
      release,
      when: 'once no version that runs writes NULL',
      up: alter(target, add),
      down: alter(target, `DROP CONSTRAINT ${check}`),
      why: 'new rows are checked from now on; the old ones are not read, so the lock is held for milliseconds',
      works,
    }),
    stage({
      name: `validate_${of}`,
      release,
      when: 'after the step before, in a transaction of its own, which must not hold the strong lock of that step',
      up: alter(target, `VALIDATE CONSTRAINT ${check}`),
      down: '',
      why: `reads the table while everybody goes on reading and writing; fails, changing nothing, while a row has no ${column}`,
      works,
    }),
    stage({
      name: `set_not_null_${of}`,
      release,
      when: 'after the step before',
      up: `${alter(target, `ALTER COLUMN ${c} SET NOT NULL`)}\n${alter(target, `DROP CONSTRAINT ${check}`)}`,
      down: `${alter(target, `ALTER COLUMN ${c} DROP NOT NULL`, add)}\n${alter(target, `VALIDATE CONSTRAINT ${check}`)}`,
      why: 'the validated check proves it, so the table is not read again; in one ALTER TABLE the check would be dropped first',
      works,
    }),
  ];
}

export function setNotNull(target: Target, column: string): StagedPlan | undefined {
  if (columnOf(target, column)?.nullable === false) return undefined;
  return {
    change: `set not null on ${target.name}.${column}`,
    missing: [],
    stages: [
      stage({
        name: `write_${slug(`${target.name}_${column}`)}`,
        release: 1,
        when: `the application of this release writes ${column} in every insert and never sets it to NULL; rows that have none get one`,
        up: '',
        down: '',
        why: `count them:\nSELECT count(*) FROM ${target.sql} WHERE ${ident(column)} IS NULL;`,
      }),
      ...notNullStages(target, column, 2, { old: false, new: true }),
    ],
  };
}
