import { rules as register } from '../domain/migrations/knowledge';
import { ruleSection } from '../domain/migrations/knowledge/page';
import { sentence } from '../domain/text/sentence';
import { print } from './print';
import { UsageError } from './usage-error';

export async function rules({ explain }: { explain?: string }): Promise<number> {
  if (explain === undefined) {
    const width = Math.max(...register.map(({ id }) => id.length));
    for (const { id, condition } of [...register].sort((a, b) => (a.id < b.id ? -1 : 1)))
      print(`${id.padEnd(width)}  ${sentence(condition)}`);
    return 0;
  }
  const rule = register.find(({ id }) => id === explain);
  if (!rule) throw new UsageError(`unknown rule ${JSON.stringify(explain)}`);
  print(await ruleSection(rule));
  return 0;
}
