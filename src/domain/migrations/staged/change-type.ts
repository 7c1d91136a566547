import { ident, literal, made, typeSql } from '../names';
import { sweep } from './batches';
import { alter, slug } from './names';
import { notNullStages } from './not-null';
import { columnOf, type StagedPlan, stage, standingOn, type Target } from './stage';
import { moveDefault, oneWay } from './sync';

export interface TypeChange {
  column: string;
  /** The new type, in SQL. */
  type: string;
  /** How the new value is made of the old, where the user has said it and it is more than a cast. */
  using?: string;
}

/** From PostgreSQL 18 on NOT NULL is a constraint with a name, which the column has kept through its renaming. */
function notNullAgain(target: Target, name: string, former: string): string {
  const named = `ADD CONSTRAINT ${ident(made(target.name, name, 'not_null'))} NOT NULL ${ident(former)}`;
  return `DO $not_null$
BEGIN
  IF current_setting('server_version_num')::int >= 180000 THEN
    EXECUTE ${literal(`ALTER TABLE ${target.sql} ${named}`)};
  ELSE
    ALTER TABLE ${target.sql} ALTER COLUMN ${ident(former)} SET NOT NULL;
  END IF;
END $not_null$;`;
}

export function changeType(target: Target, { column: name, type, using }: TypeChange): StagedPlan {
  const column = columnOf(target, name);
  const oldType = column ? typeSql(column.type) : `<type of ${name}>`;
  const [fresh, former] = [made(name, 'new'), made(name, 'old')];
  const [c, n, o] = [name, fresh, former].map(ident) as [string, string, string];
  const expression = using === undefined ? `NEW.${c}::${type}` : `<${using}, of NEW>`;
  const forward = oneWay(target, name, fresh, expression);
  const back = oneWay(target, name, former, `NEW.${c}::${oldType}`);
  const rename = (from: string, to: string) => `ALTER TABLE ${target.sql} RENAME COLUMN ${from} TO ${to};`;
  const of = slug(`${target.name}_${name}`);
  const standing = standingOn(target, name);
  const again =
    standing.length > 0
      ? `; make ${standing.join(', ')} on ${fresh} too, concurrently, before the switch`
      : '';
  const notNull = column?.nullable === false;
  const move = (from: string, to: string) => (column?.hasDefault ? [moveDefault(target, from, to)] : []);
  const restored = notNull ? [notNullAgain(target, name, former)] : [];
  return {
    change: `change type of ${target.name}.${name} to ${type}`,
    missing: [
      ...(column ? [] : [`the type of ${target.name}.${name}`]),
      ...(using === undefined ? [] : [`"${using}" for the row that is being written`]),
    ],
    stages: [
      stage({
        name: `expand_${of}`,
        release: 1,
        when: 'first, in one transaction',
        up: `${alter(target, `ADD COLUMN ${n} ${type}`)}\n${forward.create}`,
        down: `${forward.drop}\n${alter(target, `DROP COLUMN ${n}`)}`,
        why: `the trigger writes every new value in both types; nothing is rewritten${again}`,
      }),
      stage({
        name: `backfill_${of}`,
        release: 1,
        when: 'after the trigger is there, outside a transaction',
        up: sweep(target, `${n} = ${using ?? `${c}::${type}`}`, `${n} IS NULL AND ${c} IS NOT NULL`),
        down: '',
        why: 'the rows from before the trigger, in small transactions; may be run again at any time',
        transactional: false,
      }),
      ...(notNull ? notNullStages(target, fresh, 1) : []),
      stage({
        name: `switch_${of}`,
        release: 2,
        when: 'when every version that runs can read both types (a driver may give int8 as text); in one transaction',
        up: [forward.drop, rename(c, o), rename(n, c), ...move(former, name), back.create].join('\n'),
        down: [back.drop, ...move(name, former), rename(c, n), rename(o, c), forward.create].join('\n'),
        why: `takes milliseconds; open connections with named statements must prepare them again (0A000); values that do not fit ${oldType} are refused until the contraction, so that this can be taken back without loss`,
      }),
      stage({
        name: `contract_${of}`,
        phase: 'contract',
        release: 3,
        when: 'after the safety period',
        up: `${back.drop}\n${alter(target, `DROP COLUMN ${o}`)}`,
        down: [
          alter(target, `ADD COLUMN ${o} ${oldType}`),
          `UPDATE ${target.sql} SET ${o} = ${c}::${oldType};`,
          ...restored,
          back.create,
        ].join('\n'),
        why: 'from here on values need to fit the new type only',
      }),
    ],
  };
}
