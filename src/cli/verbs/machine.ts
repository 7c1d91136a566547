import { Argument, type Command, Option } from '@commander-js/extra-typings';
import type { End } from './verb';

/** Verbs of this machine. */
export function addMachineVerbs(program: Command, end: End): void {
  program.commandsGroup('this machine:').helpCommand('help [verb]', 'explain a verb');

  program
    .command('local')
    .summary('start the example, or an app of yours, in a local cloud on this machine')
    .description(
      'Starts an app in a local cloud on this machine, and keeps it until Ctrl-C: in a checkout the example, else what cdk synth wrote into cdk.out, with the package greenlight-local.',
    )
    .option('--speed <N>', 'cloud time runs N times as fast (1)')
    .option(
      '--load <N>',
      'users send N requests per second meanwhile, 0: none (200, as much more as time is faster, up to 1000)',
    )
    .addOption(
      new Option(
        '--fault <FAULT>',
        'a fault to begin with, e.g. rds:CreateDBSnapshot=before:SnapshotQuotaExceededFault*2 (repeatable)',
      ).argParser((fault, before: string[] | undefined) => [...(before ?? []), fault]),
    )
    .option('--port <N>', 'the port of the endpoint (a free one)')
    .option(
      '--propagation-ms <N>',
      'how long load balancers follow old rules after a change (0; 5000 with --consistency aws)',
    )
    .option(
      '--metrics <WHEN>',
      'aws: load balancers publish once a minute and two minutes late, as on AWS (at-once)',
    )
    .option(
      '--consistency <WHEN>',
      'aws: reads lag behind writes, databases and targets take their time, functions sleep, as on AWS; aws:N by another seed (at-once)',
    )
    .option(
      '--throttle <RATES>',
      'refuse calls beyond these rates: aws, those it publishes for an account (none)',
    )
    .option(
      '--images <FILE>',
      'which folder stands for which container image (the example: examples/images.json)',
    )
    .option('--json', 'print one JSON line when ready, instead of text')
    .action(async (options) => end(await (await import('../local.ts')).local(options)));

  program
    .command('completion')
    .summary("print a shell's completion of verbs and options")
    .description(
      `Prints a script by which a shell completes verbs and options: source <(greenlight completion bash), the same with zsh, greenlight completion fish | source.`,
    )
    .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(['bash', 'zsh', 'fish'] as const))
    .action(async (shell) => end((await import('../completion.ts')).completion(shell, program)));
}
