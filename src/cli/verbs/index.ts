import { Command } from '@commander-js/extra-typings';
import { version } from '../../../package.json';
import { print } from '../print';
import { UsageError } from '../usage-error';
import { addDeploymentVerbs } from './deployments';
import { addFileVerbs } from './files';
import { addMachineVerbs } from './machine';
import { type End, plainFlags, type Verb } from './verb';

/** Taken at its word, an option would swallow the next one: `--reason --yes`. */
function refuseSwallowed(verb: Verb): void {
  for (const option of verb.options) {
    const value = verb.getOptionValue(option.attributeName());
    if (verb.getOptionValueSource(option.attributeName()) !== 'cli') continue;
    const swallowed = verb.options.find(({ long }) => [value].flat().includes(long));
    if (swallowed)
      throw new UsageError(
        `expected a value for ${option.long}, received the option ${swallowed.long} in its place`,
      );
  }
}

/**
 * Every verb with its arguments, options and help, declared once; what it does is loaded when it runs: what most of them need
 * takes longer to load than `check` takes to run. By commander, because it is MIT, kept since 2011, needs no other package and
 * loads in some milliseconds: node:util's parseArgs knows no verbs and no help, citty and cac no types of options,
 * clipanion and yargs load more. Version 14, the last for Node.js 20.
 */
export function programOf(end: End): Verb {
  const program = new Command('greenlight')
    .usage('<verb> [options]')
    .exitOverride()
    // what is wrong is told by whoever catches it
    .configureOutput({ writeOut: (text) => print(text.trimEnd()), writeErr: () => {} })
    .version(version, '--version', 'its version')
    .helpOption('--help', 'this text')
    .addHelpText('after', '\ngreenlight <verb> --help explains a verb')
    .configureHelp({
      helpWidth: 120,
      optionTerm: plainFlags,
      styleTitle: (title) => title.toLowerCase(),
      subcommandTerm: (verb) => verb.name(),
    })
    .hook('preAction', (_, verb) => refuseSwallowed(verb));
  addDeploymentVerbs(program, end);
  addFileVerbs(program, end);
  addMachineVerbs(program, end);
  return program;
}
