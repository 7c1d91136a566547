import { CommanderError } from '@commander-js/extra-typings';
import { shown } from '../domain/text/printable';
import { remark } from './print';
import { UsageError, usageProblem } from './usage-error';
import { programOf } from './verbs';
import { plainFlags, type Verb } from './verbs/verb';

/** The verb that the line begins with, of which there may be verbs of its own; the program where it names none. */
function verbOf(program: Verb, args: readonly string[]): Verb {
  const verb = program.commands.find((one) => one.name() === args[0]);
  return verb ? verbOf(verb, args.slice(1)) : program;
}

/** The library's sentences, with what was expected and what was received. */
const SENTENCES: readonly [RegExp, string][] = [
  [
    /^option '(.*?)' argument '(.*)' is invalid\. Allowed choices are (.*)\.$/s,
    'expected $1, one of $3, received "$2"',
  ],
  [
    /^command-argument value '(.*)' is invalid for argument '(.*?)'\. Allowed choices are (.*)\.$/s,
    'expected $2, one of $3, received "$1"',
  ],
  [/^option '(.*)' argument missing$/, 'expected $1, received no value'],
  [/^option '(--\S+).*' cannot be used with option '(--[^\s']+).*'$/, '$1 and $2 exclude each other'],
  [/^unknown command/, 'unknown verb'],
];

/** What was expected and what was received, from the verb's declaration where the library has less to say of it. */
function wrong({ code, message }: CommanderError, verb: Verb, given: readonly string[]): string {
  const { args, registeredArguments, options } = verb;
  // what is left out may only be misspelt
  const [unknown] =
    code === 'commander.missingMandatoryOptionValue' ? verb.parseOptions([...given]).unknown : [];
  if (unknown !== undefined) return `unknown option ${shown(unknown)}`;
  const left = options.find((one) => one.mandatory && verb.getOptionValue(one.attributeName()) === undefined);
  const argument = registeredArguments[args.length];
  if (code === 'commander.excessArguments')
    return `unexpected argument ${shown(args[registeredArguments.length])}`;
  if (code === 'commander.missingMandatoryOptionValue' && left)
    return `expected ${plainFlags(left)}, ${left.description}, received nothing`;
  if (code === 'commander.missingArgument' && argument)
    return `expected ${argument.name()}, ${argument.description}, received nothing`;
  const said = message.replace(/^error: /, '');
  const [pattern = '', better = ''] = SENTENCES.find(([one]) => one.test(said)) ?? [];
  return said.replace(pattern, better).replaceAll(/<([^<>]*)>/g, '$1');
}

function fullName(verb: Verb): string {
  return verb.parent ? `${fullName(verb.parent)} ${verb.name()}` : verb.name();
}

const helpOf = (verb: Verb) =>
  `${fullName(verb)} --help lists the ${verb.commands.length > 0 ? 'verbs' : 'options'}`;

/** What the library is to parse: `help <verb>` is the verb's help, and of a verb that there is not, nothing more counts. */
function lineOf(program: Verb, args: readonly string[]): readonly string[] {
  const [first = '', ...more] = args;
  if (first === 'help') return lineOf(program, [...more, '--help']);
  return first.startsWith('-') || verbOf(program, args) !== program ? args : args.slice(0, 1);
}

/**
 * Runs a command line and resolves with its exit code: 2 for one that cannot be understood, 1 for a failure. Help and the
 * version go to standard output, and what is wrong, one line, to standard error.
 */
export async function main(args: readonly string[]): Promise<number> {
  let code = 0;
  const program = programOf((ended) => {
    code = ended;
  });
  const line = lineOf(program, args);
  const verb = verbOf(program, line);
  try {
    await program.parseAsync(line, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    // nothing was said but which verb there are more of
    if (error instanceof CommanderError && error.code === 'commander.help') {
      verb.outputHelp();
      return 2;
    }
    if (error instanceof CommanderError || error instanceof UsageError) {
      const message = error instanceof CommanderError ? wrong(error, verb, line) : error.message;
      remark(`error: ${usageProblem(message, helpOf(verb))}`);
      return 2;
    }
    remark(`error: ${(error as Error).message}`);
    return 1;
  }
}
