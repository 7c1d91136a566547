import { rules as register } from '../domain/migrations/knowledge';
import { ruleSection } from '../domain/migrations/knowledge/page';
import { sentence } from '../domain/text/sentence';
import { optionsOf } from './options';
import { print } from './print';
import { UsageError, type Verb } from './verb';

const USAGE = `usage: greenlight rules [options]

What check knows of statements, one rule a line: its id, which a finding ends with, and when it holds.

  --explain ID   what one rule says, with an example and what to do instead
  --help         this text`;

const OPTIONS = { explain: { type: 'string' }, help: { type: 'boolean' } } as const;

const parse = (args: readonly string[]) =>
  optionsOf('rules', args, OPTIONS, ({ values, positionals }) => {
    if (positionals.length > 0) throw new Error(`unexpected argument ${JSON.stringify(positionals[0])}`);
    return values;
  });

export const rules: Verb = {
  async run(args) {
    const { explain, help } = parse(args);
    if (help) {
      print(USAGE);
      return 0;
    }
    if (explain === undefined) {
      const width = Math.max(...register.map(({ id }) => id.length));
      for (const { id, condition } of [...register].sort((a, b) => (a.id < b.id ? -1 : 1)))
        print(`${id.padEnd(width)}  ${sentence(condition)}`);
      return 0;
    }
    const rule = register.find(({ id }) => id === explain);
    if (!rule)
      throw new UsageError(`unknown rule ${JSON.stringify(explain)}; greenlight rules lists them all`);
    print(await ruleSection(rule));
    return 0;
  },
};
