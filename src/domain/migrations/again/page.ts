import { sentence } from '../../text/sentence';
import { type Catalog, emptyCatalog } from '../catalog';
import { parse } from '../parse';
import { loadParser } from '../parser';
import { apply } from '../schema';
import { runAgain } from '.';
import { downRules } from './down-script';
import { AGAIN_EXAMPLES, againRules } from './rules';

/** What is said of a statement that writes rows, beside what it does to a production that runs. */
export interface Note {
  id: string;
  condition: string;
}

/** In the order in which they are asked. */
export const notes: readonly Note[] = [...againRules, ...Object.values(downRules)];

async function examples(): Promise<Catalog> {
  await loadParser();
  const catalog = emptyCatalog();
  for (const statement of parse(AGAIN_EXAMPLES).statements) apply(catalog, statement);
  return catalog;
}

/** The documentation of one of them. */
export async function noteSection({ id, condition }: Note): Promise<string> {
  const down = Object.values(downRules).find((one) => one.id === id);
  const example = againRules.find((one) => one.id === id)?.example;
  const said = down
    ? `its down script ${down.says('public.units')}`
    : example && runAgain(parse(example).statements[0]!, await examples())?.message;
  return [
    `## ${id}`,
    sentence(condition),
    ...(said ? [sentence(said)] : []),
    ...(example ? [['```sql', example, '```'].join('\n')] : []),
  ].join('\n\n');
}
