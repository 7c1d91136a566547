import type { Chance } from '../chance';
import { quoted, type World } from '../world/world';
import { alone } from './alone';
import { chains } from './chains';
import { columnParts } from './columns';
import { indexStatements } from './indexes';
import { objectStatements } from './objects';
import type { Make, Place, Script } from './place';
import { rowStatements } from './rows';
import { ruleParts } from './rules';
import { settingParts } from './settings';
import { tableStatements } from './tables';

const PARTS: Record<string, Make> = { ...columnParts, ...ruleParts, ...settingParts };
const STATEMENTS: Record<string, Make> = {
  ...tableStatements,
  ...indexStatements,
  ...objectStatements,
  ...rowStatements,
  ...chains,
};
const ALONE = alone;

const forms = (of: Record<string, Make>) => Object.keys(of);

function place(world: World, chance: Chance): Place {
  const table = chance.pick(world.tables);
  const column = chance.pick(table.columns);
  return { world, chance, table, column, c: quoted(column.name) };
}

function one(world: World, chance: Chance): Script | undefined {
  const at = place(world, chance);
  if (chance.some(0.04)) {
    const form = chance.pick(forms(ALONE));
    const made = ALONE[form]!(at);
    return made === undefined ? undefined : { form, statements: [made].flat(), alone: true };
  }
  if (chance.some(0.5)) {
    const form = chance.pick(forms(PARTS));
    const first = PARTS[form]!(at);
    if (first === undefined) return undefined;
    const others = chance.some(0.2) ? [PARTS[chance.pick(forms(PARTS))]!({ ...at, ...other(at) })] : [];
    const parts = [first, ...others].flat().filter((part) => part !== undefined);
    // two new columns of one name, or two types of one column, would only be refused
    const distinctParts = parts.filter(
      (part, i) =>
        ![/fresh/, / TYPE /, /^OWNER /].some(
          (what) => what.test(part) && parts.findIndex((one) => what.test(one)) < i,
        ),
    );
    const only = chance.some(0.03) ? 'ONLY ' : '';
    return { form, statements: [`ALTER TABLE ${only}${at.table.sql} ${distinctParts.join(', ')}`] };
  }
  const form = chance.pick(forms(STATEMENTS));
  const made = STATEMENTS[form]!(at);
  return made === undefined ? undefined : { form, statements: [made].flat() };
}

function other({ table, chance }: Place): Pick<Place, 'column' | 'c'> {
  const column = chance.pick(table.columns);
  return { column, c: quoted(column.name) };
}

/** A script of one of the grammar's forms, about what there is in the world. */
export function randomScript(world: World, chance: Chance): Script {
  for (;;) {
    const first = one(world, chance);
    if (!first) continue;
    if (first.alone || first.statements.length > 1 || chance.some(0.85)) return first;
    const second = one(world, chance);
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
