import { childrenOf } from '../catalog';
import { ident, made, qualified } from '../names';
import { sqlOf } from './build-index';
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

/**
 * Whoever leaves it out writes its default or NULL again and again, which a unique index takes only once: a default that no
 * sequence or chance makes, or a NULL that counts as a value. It is also what an index takes that reads the column and has
 * it not in its key: the statement takes that index away, and every step before the last would leave it.
 */
function isRepeated({ known, catalog, key }: Target, name: string): boolean {
  const column = known?.columns.find((one) => one.name === name);
  const unique = known?.indexes.filter((index) => index.unique && index.reads.includes(name)) ?? [];
  if (unique.some(({ columns }) => !columns.includes(name))) return true;
  if (unique.length === 0 || column?.identity) return false;
  if (!column?.hasDefault)
    return unique.some(
      ({ definition }) => definition === undefined || / NULLS NOT DISTINCT\b/.test(definition),
    );
  const sequences = [...(catalog?.sequences.values() ?? [])];
  const isNumbered = sequences.some(({ usedBy }) => usedBy.includes(`${key}.${name}`));
  return !isNumbered && column.type.name !== 'uuid';
}

export function dropColumn(target: Target, name: string, cascade: boolean): StagedPlan | undefined {
  const column = columnOf(target, name);
  if (isRepeated(target, name)) return undefined;
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

/** Foreign keys that go with the table: whoever no longer writes it could not keep them. */
function setFree({ catalog, key }: Target): Stage[] {
  return (catalog ? childrenOf(catalog, key) : [])
    .filter(({ name, partitionOf }) => name !== key && partitionOf === undefined)
    .flatMap(({ name, constraints }) =>
      constraints
        .filter(({ references, definition }) => references === key && definition !== undefined)
        .map((one) =>
          stage({
            name: `free_${slug(name)}_${slug(one.name)}`,
            release: 1,
            when: `before the application that no longer writes ${key}`,
            up: `ALTER TABLE ${sqlOf(name)}\n  DROP CONSTRAINT ${ident(one.name)};`,
            // files write it behind the rule, the catalog into it
            down: `ALTER TABLE ${sqlOf(name)}\n  ADD CONSTRAINT ${ident(one.name)} ${one.definition!.replace(/ NOT VALID$/, '')}${one.validated ? '' : ' NOT VALID'};`,
            why: 'its rows need no partner from here on; taking it back reads both tables, and fails while a row has none',
          }),
        ),
    )
    .map((one, i, all) => ({ ...one, works: { old: true, new: i === all.length - 1 } }));
}

/** `optional`: IF EXISTS, which every step says as well where nobody knows whether the table is there. */
export function dropTable(target: Target, cascade: boolean, optional: boolean): StagedPlan | undefined {
  // under another name it would still be read through its parent
  if (target.known?.partitionOf !== undefined) return undefined;
  const former = made(target.name, 'deprecated');
  const renamed = qualified(target.schema, former);
  const perhaps = optional && target.known === undefined ? 'IF EXISTS ' : '';
  const of = slug(target.name);
  return {
    change: `drop table ${target.name}`,
    missing: [],
    stages: [
      ...(cascade ? setFree(target) : []),
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
        up: `ALTER TABLE ${perhaps}${target.sql} RENAME TO ${ident(former)};`,
        down: `ALTER TABLE ${perhaps}${renamed} RENAME TO ${ident(target.name)};`,
        why: 'whoever still uses it fails now, while the rows are there and the name is given back in milliseconds',
        works: { old: false, new: true },
        phase: 'contract',
      }),
      stage({
        name: `drop_${of}`,
        release: 3,
        when: 'after the safety period, with a snapshot that outlives it',
        up: `DROP TABLE ${perhaps}${renamed}${cascade ? ' CASCADE' : ''};`,
        down: null,
        why: 'only a snapshot gives it back; foreign keys to or from it lock the other table too',
        works: { old: false, new: true },
        phase: 'contract',
      }),
    ],
  };
}
