import { type ColumnType, partitionsOf } from '../catalog';
import { ident, literal, made, typeSql } from '../names';
import { compares } from '../type-change';
import { sweep } from './batches';
import { likeness, moveNumbers, moveStatistics, refuseWhileStanding, widenNumbers } from './likeness';
import { alter, slug } from './names';
import { notNullStages } from './not-null';
import { reworded } from './reworded';
import { columnOf, type Stage, type StagedPlan, stage, type Target } from './stage';
import { standing } from './standing';
import { moveDefault, oneWay } from './sync';

export interface TypeChange {
  column: string;
  /** The new type, in SQL. */
  type: string;
  /** The same, as the parser has it. */
  to: ColumnType;
  /** Another collation than the type's own, in SQL. */
  collation?: string;
  /** How the new value is made of the old, where the user has said it. */
  using?: string;
  /** That is no more than casts of the column. */
  casts?: boolean;
  /** What the same statement says of its default, null for none. */
  default?: string | null;
  /** The same statement lets it be NULL. */
  nullable?: true;
}

/** From PostgreSQL 18 on NOT NULL has a name: gives that of one column the name that the other's has. */
function notNullNamed(target: Target, column: string, former: string): string {
  const sql = literal(target.sql);
  const of = (name: string) =>
    `(SELECT k.conname FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1] WHERE k.conrelid = ${sql}::regclass AND k.contype = 'n' AND a.attname = ${literal(name)})`;
  return `DO $not_null$
DECLARE
  wanted name := ${of(former)};
  given name := ${of(column)};
BEGIN
  IF wanted IS NOT NULL AND given IS NOT NULL THEN
    ALTER TABLE ${target.sql} ALTER COLUMN ${ident(former)} DROP NOT NULL;
    EXECUTE format(${literal(`ALTER TABLE ${target.sql} RENAME CONSTRAINT %I TO %I`)}, given, wanted);
  END IF;
END $not_null$;`;
}

/** A version that reads and writes the new type comes with the switch. */
const OLD_ALONE = { old: true, new: false };

/** The column cannot be replaced without what PostgreSQL itself refuses: the finding says what. */
function isHeld({ known, catalog, key }: Target, name: string): boolean {
  if (!known || !catalog) return false;
  const heirs = known.kind !== 'partitioned' && partitionsOf(catalog, key).length > 0;
  return (
    heirs ||
    known.partitionOf !== undefined ||
    (known.inherits ?? []).length > 0 ||
    (known.partitionKey ?? []).includes(name) ||
    known.views.some(({ columns }) => columns.includes(name)) ||
    (known.columnUsers ?? []).some(({ columns }) => columns.includes(name)) ||
    known.columns.some((column) => column.name === name && column.generated !== undefined)
  );
}

export function changeType(
  target: Target,
  { column: name, type, to, collation, using, casts = true, default: wanted, nullable }: TypeChange,
): StagedPlan | undefined {
  if (isHeld(target, name)) return undefined;
  const column = columnOf(target, name);
  const oldType = column ? typeSql(column.type) : `<type of ${name}>`;
  const [fresh, former] = [made(name, 'new'), made(name, 'old')];
  const [c, n, o] = [name, fresh, former].map(ident) as [string, string, string];
  // the columns that an expression names are known, or else only this one is
  const own = new Set(target.known?.columns.map((one) => one.name) ?? [name]);
  // an assignment refuses what does not fit, where a cast would cut it off
  const value = using ?? c;
  const ofNew = reworded(value, (word) => (own.has(word) ? `NEW.${ident(word)}` : undefined));
  const forward = oneWay(target, name, fresh, ofNew);
  const back = oneWay(target, name, former, `NEW.${c}`);
  const rename = (from: string, to: string) => `ALTER TABLE ${target.sql} RENAME COLUMN ${from} TO ${to};`;
  const of = slug(`${target.name}_${name}`);
  const notNull = column?.nullable === false && !nullable;
  const numbers =
    column?.hasDefault === true && /^(?:int[248]|(?:small|big)?serial[248]?)$/.test(column.type.name);
  // a default that is replaced stays where it is: the trigger writes over it
  const kept = column?.hasDefault && !column.identity && wanted === undefined;
  const given = wanted == null ? [] : [alter(target, `ALTER COLUMN ${c} SET DEFAULT ${wanted}`)];
  const taken = wanted == null ? [] : [alter(target, `ALTER COLUMN ${c} DROP DEFAULT`)];
  const move = (from: string, to: string) => [
    ...(kept ? [moveDefault(target, from, to)] : []),
    ...(numbers ? [moveNumbers(target, from, to)] : []),
  ];
  // numbers that go on while the old ones are made anew would meet them
  if (numbers && !casts) return undefined;
  const on = standing(target, name, fresh, {
    release: 1,
    when: 'after the backfill, each in a transaction of its own or none',
  });
  // what is of the former type by its text, as $1::uuid is, does not compare with every new one
  const alike = casts && (!column || compares(column.type, to));
  const behind = { old: alike && (wanted !== null || !notNull), new: true };
  const contract: Stage = stage({
    name: `contract_${of}`,
    phase: 'contract',
    release: 3,
    when: 'after the safety period',
    up: [
      back.drop,
      moveStatistics(target, former, name),
      refuseWhileStanding(target, former, name, on.handled),
      ...on.handOver,
      ...(notNull ? [notNullNamed(target, name, former)] : []),
      alter(target, `DROP COLUMN ${o}`),
      ...(numbers ? [widenNumbers(target, name)] : []),
    ].join('\n'),
    down: null,
    works: behind,
    why: 'from here on values need to fit the new type only; the column is now the last one of its table, and its statistics are those of the backfill until the next ANALYZE',
  });
  return {
    change: `change type of ${target.name}.${name} to ${type}`,
    missing: column ? [] : [`the type of ${target.name}.${name}`],
    ...(on.left.length > 0 && {
      notKept: on.left.map(
        (what) =>
          `${what}: make it on ${fresh} by yourself, before the switch; the contraction refuses while the one on ${former} stands`,
      ),
    }),
    stages: [
      stage({
        name: `expand_${of}`,
        release: 1,
        when: 'first, in one transaction',
        up: [
          alter(target, `ADD COLUMN ${n} ${type}${collation ?? ''}`),
          likeness(target, name, fresh),
          forward.create,
        ].join('\n'),
        down: `${forward.drop}\n${alter(target, `DROP COLUMN ${n}`)}`,
        why: 'the trigger writes every new value in both types; nothing is rewritten',
        works: OLD_ALONE,
      }),
      stage({
        name: `backfill_${of}`,
        release: 1,
        when: 'after the trigger is there, outside a transaction',
        up: sweep(target, `${n} = ${value}`, `${n} IS NULL AND ${c} IS NOT NULL`),
        down: '',
        why: 'the rows from before the trigger, in small transactions; may be run again at any time',
        transactional: false,
        works: OLD_ALONE,
      }),
      ...(notNull ? notNullStages(target, fresh, 1, OLD_ALONE) : []),
      ...on.stages.map((one) => ({ ...one, works: OLD_ALONE })),
      stage({
        name: `switch_${of}`,
        release: 2,
        ...(alike
          ? {
              when: 'when every version that runs can read both types (a driver may give int8 as text); in one transaction',
            }
          : {
              phase: 'contract',
              when: 'when no version runs or will be gone back to but one that gets along with both forms of the value; in one transaction',
            }),
        works: behind,
        up: [forward.drop, rename(c, o), rename(n, c), ...move(former, name), ...given, back.create].join(
          '\n',
        ),
        down: [back.drop, ...taken, ...move(name, former), rename(c, n), rename(o, c), forward.create].join(
          '\n',
        ),
        why: `takes milliseconds; open connections with named statements must prepare them again (0A000); values that do not fit ${oldType}${given.length > 0 ? ', the new default as well,' : ''} are refused until the contraction, so that this can be taken back without loss`,
      }),
      contract,
    ],
  };
}
