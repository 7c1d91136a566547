import type { Chance } from '../chance';
import { quoted, type World } from '../world/world';
import { alone } from './alone';
import { chains } from './chains';
import { columnParts } from './columns';
import { databaseStatements } from './database';
import { indexStatements } from './indexes';
import type { Forms, Place, Script } from './place';
import { routineStatements } from './routines';
import { rowStatements } from './rows';
import { ruleParts } from './rules';
import { settingParts } from './settings';
import { tableStatements } from './tables';
import { typeStatements } from './types';
import { unfitStatements } from './unfit';
import { viewStatements } from './views';

const PARTS: Forms = { ...columnParts, ...ruleParts, ...settingParts };
const STATEMENTS: Forms = {
  ...tableStatements,
  ...indexStatements,
  ...viewStatements,
  ...typeStatements,
  ...routineStatements,
  ...databaseStatements,
  ...rowStatements,
  ...chains,
  ...unfitStatements,
};

const names = (of: Forms) => Object.keys(of);

function place(world: World, chance: Chance): Place {
  const table = chance.pick(world.tables);
  const column = chance.pick(table.columns);
  return { world, chance, table, column, c: quoted(column.name) };
}

function other(at: Place): Place {
  const column = at.chance.pick(at.table.columns);
  return { ...at, column, c: quoted(column.name) };
}

/** Of parts that PostgreSQL takes only once in a statement the first: two new columns of one name would only be refused. */
const once = (parts: string[]) =>
  parts.filter(
    (part, i) =>
      ![/fresh/, / TYPE /, /^OWNER /, /EXPRESSION/, /IDENTITY/].some(
        (what) => what.test(part) && parts.findIndex((one) => what.test(one)) < i,
      ),
  );

function alterTable(at: Place): Script | undefined {
  const form = at.chance.pick(names(PARTS));
  const first = PARTS[form]!(at);
  if (first === undefined) return undefined;
  const count = at.chance.some(0.25) ? 1 + at.chance.below(3) : 0;
  const others = Array.from({ length: count }, () => PARTS[at.chance.pick(names(PARTS))]!(other(at)));
  const parts = once([first, ...others].flat().filter((part) => part !== undefined));
  const only = at.chance.pick([
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    '',
    'ONLY ',
    'IF EXISTS ',
  ]);
  return { form, statements: [`ALTER TABLE ${only}${at.table.sql} ${parts.join(', ')}`] };
}

function one(at: Place): Script | undefined {
  const { chance } = at;
  if (chance.some(0.04)) {
    const form = chance.pick(names(alone));
    const made = alone[form]!(at);
    return made === undefined ? undefined : { form, statements: [made].flat(), alone: true };
  }
  if (chance.some(0.45)) return alterTable(at);
  const form = chance.pick(names(STATEMENTS));
  const made = STATEMENTS[form]!(at);
  return made === undefined ? undefined : { form, statements: [made].flat() };
}

const IN_BODIES =
  /^(?:ALTER (?!SYSTEM)|CREATE |DROP |COMMENT |GRANT |REVOKE |UPDATE |DELETE |INSERT |TRUNCATE )/;

/** The same in a DO block: as it is, or as a text that is executed. */
function inBlock(script: Script, chance: Chance): Script {
  const { statements, form } = script;
  if (!statements.every((sql) => IN_BODIES.test(sql) && !/\$|BEGIN ATOMIC|RETURNING/.test(sql)))
    return script;
  const body = statements.map((sql) =>
    chance.some(0.5) ? `${sql};` : `EXECUTE '${sql.replaceAll("'", "''")}';`,
  );
  return { form, statements: [`DO $$ BEGIN ${body.join(' ')} END $$`] };
}

/** The same with names that the search path completes. */
function unqualified(script: Script, { table, chance }: Place): Script {
  const { schema } = table;
  const short = script.statements.map((sql) => sql.replaceAll(`${schema}.`, ''));
  const set = chance.pick([
    `SET search_path = ${schema}, public`,
    `SET LOCAL search_path TO ${schema}, public`,
    `SELECT set_config('search_path', '${schema},public', true)`,
  ]);
  return { ...script, statements: [set, ...short] };
}

/** A script of one of the grammar's forms, about what there is in the world. */
export function randomScript(world: World, chance: Chance): Script {
  for (;;) {
    const at = place(world, chance);
    const first = one(at);
    if (!first) continue;
    if (!first.alone && chance.some(0.04)) return inBlock(first, chance);
    if (!first.alone && chance.some(0.05)) return unqualified(first, at);
    if (first.alone || first.statements.length > 1 || chance.some(0.8)) return first;
    // about another table, or more often about the same one
    const second = one(chance.some(0.5) ? place(world, chance) : other(at));
    if (
      second &&
      !second.alone &&
      second.form !== first.form &&
      !second.statements.some((text) => /fresh/.test(text) && /fresh/.test(first.statements.join()))
    )
      return {
        form: `${first.form}, ${second.form}`,
        statements: [...first.statements, ...second.statements],
      };
  }
}
