import { noteSection, notes } from '../domain/migrations/again/page';
import { rules as register } from '../domain/migrations/knowledge';
import { ruleSection } from '../domain/migrations/knowledge/page';
import { sentence } from '../domain/text/sentence';
import { print } from './print';
import { UsageError } from './usage-error';

export async function rules({ explain }: { explain?: string }): Promise<number> {
  if (explain === undefined) {
    const all = [...register, ...notes];
    const width = Math.max(...all.map(({ id }) => id.length));
    for (const { id, condition } of all.sort((a, b) => (a.id < b.id ? -1 : 1)))
      print(`${id.padEnd(width)}  ${sentence(condition)}`);
    return 0;
  }
  const rule = register.find(({ id }) => id === explain);
  const note = notes.find(({ id }) => id === explain);
  if (note) {
    print(await noteSection(note));
    return 0;
  }
  if (!rule) throw new UsageError(`unknown rule ${JSON.stringify(explain)}`);
  print(await ruleSection(rule));
  return 0;
}
