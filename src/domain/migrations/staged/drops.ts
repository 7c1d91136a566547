import { ident, literal, made, qualified, typeSql } from '../names';
import { alter, slug } from './names';
import { columnOf, type Stage, type StagedPlan, stage, type Target } from './stage';

const unused = (what: string) => literal(`deprecated: ${what}; dropped after the safety period`);

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
      down: alter(target, `ALTER COLUMN ${ident(name)} SET NOT NULL`),
      why: 'inserts without the column would fail',
    }),
  ];
}

export function dropColumn(target: Target, name: string): StagedPlan {
  const column = columnOf(target, name);
  const former = made(name, 'deprecated');
  const of = slug(`${target.name}_${name}`);
  const type = column ? typeSql(column.type) : `<type of ${name}>`;
  const rename = (from: string, to: string) =>
    `ALTER TABLE ${target.sql} RENAME COLUMN ${ident(from)} TO ${ident(to)};`;
  return {
    change: `drop column ${target.name}.${name}`,
    missing: column ? [] : [`the type of ${target.name}.${name}`],
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
        up: `${rename(name, former)}\nCOMMENT ON COLUMN ${target.sql}.${ident(former)} IS ${unused(`was ${name}`)};`,
        down: `COMMENT ON COLUMN ${target.sql}.${ident(former)} IS NULL;\n${rename(former, name)}`,
        why: 'whoever still reads it fails now, while the values are there and the name is given back in milliseconds',
        works: { old: false, new: true },
        phase: 'contract',
      }),
      stage({
        name: `drop_${of}`,
        release: 3,
        when: 'after the safety period',
        up: alter(target, `DROP COLUMN ${ident(former)}`),
        down: column && !column.hasDefault ? alter(target, `ADD COLUMN ${ident(former)} ${type}`) : null,
        why: 'the values are gone: down gives back at most the column, without them, its constraints and indexes',
        works: { old: false, new: true },
        phase: 'contract',
      }),
    ],
  };
}

export function dropTable(target: Target): StagedPlan {
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
        up: `ALTER TABLE ${target.sql} RENAME TO ${ident(former)};\nCOMMENT ON TABLE ${renamed} IS ${unused(`was ${target.name}`)};`,
        down: `COMMENT ON TABLE ${renamed} IS NULL;\nALTER TABLE ${renamed} RENAME TO ${ident(target.name)};`,
        why: 'whoever still uses it fails now, while the rows are there and the name is given back in milliseconds',
        works: { old: false, new: true },
        phase: 'contract',
      }),
      stage({
        name: `drop_${of}`,
        release: 3,
        when: 'after the safety period, with a snapshot that outlives it',
        up: `DROP TABLE ${renamed};`,
        down: null,
        why: 'only a snapshot gives it back; foreign keys to or from it lock the other table too',
        works: { old: false, new: true },
        phase: 'contract',
      }),
    ],
  };
}
