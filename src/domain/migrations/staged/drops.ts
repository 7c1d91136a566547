import { ident, made, qualified } from '../names';
import { alter, slug } from './names';
import { columnOf, type Stage, type StagedPlan, stage, type Target } from './stage';

/** From PostgreSQL 18 on NOT NULL is a constraint with a name. */
function notNullAgain(target: Target, name: string): string {
  const rule = target.known?.constraints.find(
    ({ kind, columns }) => kind === 'not-null' && columns[0] === name,
  );
  return rule && (target.catalog?.major ?? 0) >= 18
    ? alter(target, `ADD CONSTRAINT ${ident(rule.name)} NOT NULL ${ident(name)}`)
    : alter(target, `ALTER COLUMN ${ident(name)} SET NOT NULL`);
}

/** The new version leaves the column out of its inserts, which the column must allow before that. */
function allowAbsence(target: Target, name: string, of: string): Stage[] {
  const column = columnOf(target, name);
  if (column?.nullable !== false || column.hasDefault) return [];
  return [
    stage({
      name: `relax_${of}`,
      release: 1,
      when: 'before the application that no longer writes it',
      up: alter(target, `ALTER COLUMN ${ident(name)} DROP NOT NULL`),
      down: notNullAgain(target, name),
      why: 'inserts without the column would fail',
    }),
  ];
}

export function dropColumn(target: Target, name: string, cascade: boolean): StagedPlan | undefined {
  const column = columnOf(target, name);
  const isKey = target.known?.constraints.some(
    ({ kind, columns }) => kind === 'primary' && columns.includes(name),
  );
  // no version can leave it out before it is gone
  if (isKey && !column?.hasDefault) return undefined;
  const former = made(name, 'deprecated');
  const of = slug(`${target.name}_${name}`);
  const rename = (from: string, to: string) =>
    `ALTER TABLE ${target.sql} RENAME COLUMN ${ident(from)} TO ${ident(to)};`;
  return {
    change: `drop column ${target.name}.${name}`,
    missing: [],
    stages: [
      ...allowAbsence(target, name, of),
      stage({
        name: `leave_${of}`,
        release: 1,
        when: `with this release's application, which neither reads nor writes ${name}, not even by SELECT *`,
        up: '',
        down: '',
        why: 'the previous version, which reads it, may still be gone back to',
      }),
      stage({
        name: `deprecate_${of}`,
        release: 2,
        when: `when no version that reads ${name} runs or will be gone back to`,
        up: rename(name, former),
        down: rename(former, name),
        why: 'whoever still reads it fails now, while the values are there and the name is given back in milliseconds',
        works: { old: false, new: true },
        phase: 'contract',
      }),
      stage({
        name: `drop_${of}`,
        release: 3,
        when: 'after the safety period',
        up: alter(target, `DROP COLUMN ${ident(former)}${cascade ? ' CASCADE' : ''}`),
        down: null,
        why: 'only a snapshot gives the values back; what stands on the column alone goes with it',
        works: { old: false, new: true },
        phase: 'contract',
      }),
    ],
  };
}

export function dropTable(target: Target, cascade: boolean): StagedPlan {
  const former = made(target.name, 'deprecated');
  const renamed = qualified(target.schema, former);
  const of = slug(target.name);
  return {
    change: `drop table ${target.name}`,
    missing: [],
    stages: [
      stage({
        name: `leave_${of}`,
        release: 1,
        when: `with this release's application, which no longer uses ${target.name}`,
        up: '',
        down: '',
        why: 'the previous version, which uses it, may still be gone back to',
      }),
      stage({
        name: `deprecate_${of}`,
        release: 2,
        when: `when no version that uses ${target.name} runs or will be gone back to`,
        up: `ALTER TABLE ${target.sql} RENAME TO ${ident(former)};`,
        down: `ALTER TABLE ${renamed} RENAME TO ${ident(target.name)};`,
        why: 'whoever still uses it fails now, while the rows are there and the name is given back in milliseconds',
        works: { old: false, new: true },
        phase: 'contract',
      }),
      stage({
        name: `drop_${of}`,
        release: 3,
        when: 'after the safety period, with a snapshot that outlives it',
        up: `DROP TABLE ${renamed}${cascade ? ' CASCADE' : ''};`,
        down: null,
        why: 'only a snapshot gives it back; foreign keys to or from it lock the other table too',
        works: { old: false, new: true },
        phase: 'contract',
      }),
    ],
  };
}
