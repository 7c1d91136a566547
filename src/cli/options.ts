import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './verb';

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<O extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: O; allowPositionals: true }>
>;

/** What `use` makes of a verb's arguments. Throws UsageError for whatever it, or the parser, finds wrong. */
export function optionsOf<O extends Options, Result>(
  verb: string,
  args: readonly string[],
  options: O,
  use: (parsed: Parsed<O>) => Result,
): Result {
  try {
    return use(parseArgs({ args: [...args], options, allowPositionals: true }) as Parsed<O>);
  } catch (error) {
    throw new UsageError(`${(error as Error).message}; greenlight ${verb} --help lists the options`);
  }
}

/** The only argument that is no option; undefined where there is none. */
export function only(positionals: readonly string[]): string | undefined {
  if (positionals.length > 1) throw new Error(`unexpected argument ${JSON.stringify(positionals[1])}`);
  return positionals[0];
}
