import type { RangeVar } from 'libpg-query';
import { type Catalog, resolve } from '../catalog';
import type { Statement } from '../parse';
import type { RunAgain } from '../types';
import { againRules } from './rules';
import type { Written } from './values';

const WRITES = new Set(againRules.flatMap(({ on }) => on));

/** The table that a statement writes rows of; empty where it writes none. */
export function writtenBy({ tag, node }: Pick<Statement, 'tag' | 'node'>, catalog: Catalog): string {
  if (!WRITES.has(tag)) return '';
  const { relation, relations } = node as { relation?: RangeVar; relations?: { RangeVar?: RangeVar }[] };
  const range = relation ?? relations?.[0]?.RangeVar;
  return range ? resolve(catalog, range, catalog.tables) : '';
}

/** What a second run of a statement would do that writes rows; undefined for any other. */
export function runAgain(statement: Statement, catalog: Catalog): RunAgain | undefined {
  const relation = writtenBy(statement, catalog);
  if (relation === '') return undefined;
  const seen: Written = { node: statement.node, relation, table: catalog.tables.get(relation), catalog };
  const found = againRules.find(({ on, matches }) => on.includes(statement.tag) && matches(seen));
  return found && { rule: found.id, again: found.again, message: `run again, it ${found.says(seen)}` };
}
