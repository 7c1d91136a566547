import { type Command, Option } from '@commander-js/extra-typings';
import { askable, busyAnswers } from '../../domain/settings/choices';
import { levels } from '../../domain/validation/check';
import { UsageError } from '../usage-error';
import { perhapsWorkflow, repeatable, wholeNumber } from './options';
import type { End } from './verb';

const DEPLOYMENT = 'the name of its execution';
const SDK =
  '\nRegion, credentials and endpoint are those of the AWS SDK: AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL.';

const workflow = () => perhapsWorkflow().makeOptionMandatory();
const by = () => new Option('--by <NAME>', 'who says so, instead of the user of this machine');
const reason = () => new Option('--reason <WHY>', 'for people and the journal').makeOptionMandatory();

/** Verbs about deployments in an account. */
export function addDeploymentVerbs(program: Command, end: End): void {
  program.commandsGroup('deployments:');

  program
    .command('deploy')
    .summary('start a deployment and follow it')
    .description(
      'Starts a deployment and follows it to its end: phases, weights, evidence with its numbers, and what it waits for. In a terminal it asks first. Ctrl-C leaves the deployment running. Exit code 0 when the version is live, or the plan is reported, 1 when not, 130 after Ctrl-C.',
    )
    .addOption(workflow())
    .option('--service <NAME>', 'a service of the workflow')
    .option('--image <IMAGE>', 'an image by tag or digest, or live: the one that serves')
    .option('--reason <WHY>', 'for people and the journal')
    .addOption(by())
    .option('--environment <E>', 'refuse it unless the service lives there')
    .addOption(new Option('--strategy <S>', 'how users come to it').choices(askable))
    .addOption(new Option('--migrations <M>', "run the image's, or none").choices(['run', 'none'] as const))
    .addOption(
      repeatable(
        '--accept <ID>',
        'a migration that may run although it would stop a deployment (repeatable)',
      ),
    )
    .addOption(
      new Option('--on-busy <B>', 'when another deployment is at work on the service').choices(busyAnswers),
    )
    .option('--approval', 'somebody has to agree')
    .addOption(new Option('--validation <V>', 'how much of the database is compared').choices(levels))
    .addOption(wholeNumber('--canary-percent <N>', "of the users come first, instead of the service's share"))
    .addOption(wholeNumber('--bake-seconds <N>', "until the next step, instead of the service's"))
    .addOption(repeatable('--accept-alarm <NAME>', 'an alarm that may have gone off (repeatable)'))
    .option('--not-before <TIME>', 'wait until then, such as 2026-12-01T22:00:00+01:00')
    .option('--outside-window <WHY>', 'do not wait for a deployment window; somebody has to agree')
    .addOption(wholeNumber('--expected-seconds <N>', 'of the maintenance page, of which people are told'))
    .option('--tried <FILE>', 'of try --json: the page is expected for as long as the migrations took there')
    .option('--file <FILE>', 'a request as JSON, for everything else; options take the place of what it says')
    .option('--dry-run', 'end with the plan, nothing changed')
    .option('--name <NAME>', "the deployment's name (service, version and time)")
    .option('--plan', 'show the plan first, by a dry run; go on where it is one')
    .option('--yes', 'do not ask, also in a terminal')
    .option('--detach', 'start it and leave')
    .option('--json', 'one JSON document a line: each step, and at last the end')
    .addHelpText('after', SDK)
    .action(async (options) => end(await (await import('../deploy.ts')).deploy(options)));

  program
    .command('watch')
    .summary('follow a deployment')
    .description(
      'Tells what a deployment has done so far, and follows it to its end. Ctrl-C leaves it running. The exit code is 0 when the version is live, 1 when not, 130 after Ctrl-C. With --web it serves a page instead, on this machine alone, until Ctrl-C: the deployment, or all of them, live, with what can be said to each.',
    )
    .argument('[deployment]', `${DEPLOYMENT}; with --web it may be left out`)
    .addOption(workflow())
    .addOption(
      new Option('--json', 'one JSON document a line: each step, and at last the end').conflicts('web'),
    )
    .option('--web', 'serve a page for browsers')
    .option('--port <N>', 'the port of the page (8460, or a free one where that is taken)')
    .option('--no-open', 'do not open a browser, also in a terminal')
    .addOption(new Option('--until-stdin-closes').hideHelp())
    .addHelpText('after', SDK)
    .action(async (deployment, { web, port, open, untilStdinCloses, ...options }) => {
      if (web) {
        const { page } = await import('../page/serve.ts');
        return end(await page({ deployment, ...options, port, open, untilStdinCloses }));
      }
      if (deployment === undefined)
        throw new UsageError(`expected deployment, ${DEPLOYMENT}, received nothing`);
      if (port !== undefined) throw new UsageError('--port is the port of the page; add --web');
      end(await (await import('../watch.ts')).watch({ deployment, ...options }));
    });

  program
    .command('status')
    .summary('say how services stand: what is live, what runs, what is left')
    .description(
      'Says of each service what is live since when, the weights, the tasks of its slots, which deployment is at work or was left half-way, what the newest release has left to do, and until when it can be taken back.',
    )
    .argument('[service]', 'only this one')
    .addOption(workflow())
    .option('--json', 'a list of documents, one for each service')
    .addHelpText('after', SDK)
    .action(async (service, options) =>
      end(await (await import('../status.ts')).status({ service, ...options })),
    );

  program
    .command('history')
    .summary('list deployments, or measure them')
    .description(
      'Lists the newest deployments, each with its outcome, how long it took, who wanted it and why. With --metrics the four measures of delivery, as far as the journal can tell: releases a day; from the request to the release (no journal knows when the change was committed); the share of the versions with users that was rolled back or needed an operator; from the first user on such a version to all users on the previous one.',
    )
    .argument('[service]', 'only this one')
    .addOption(workflow())
    .option(
      '--since <WHEN>',
      'those that began since a day, 2026-01-30, or for days, 7d (90d; of metrics 30d)',
    )
    .option('--limit <N>', 'at most so many (20; of metrics all)')
    .option(
      '--metrics',
      'deployment frequency, lead time, failure rate and time to restore instead of the list',
    )
    .option('--json', 'one JSON document instead of text')
    .addHelpText('after', SDK)
    .action(async (service, options) =>
      end(await (await import('../history.ts')).history({ service, ...options })),
    );

  program
    .command('doctor')
    .summary('examine an account: what stands in the way of a deployment, or of its rollback')
    .description(
      'Reads what a deployment needs of an account, before the first release and on bad days: settings, rules, target groups, slots, tasks, scaling, workers, alarms, the lock, images that a rollback needs, the database and its secret, who hears of it, the functions. Each finding says how to mend it; nothing is changed. Exit code 0 when nothing would stop a deployment, 1 when something would or could not be looked at.',
    )
    .argument('[service]', 'only this one')
    .addOption(workflow())
    .option('--json', 'a list of documents: of the workflow, and of each service')
    .addHelpText('after', SDK)
    .action(async (service, options) =>
      end(await (await import('../doctor.ts')).doctor({ service, ...options })),
    );

  program
    .command('validate')
    .summary("look at a service's database, and change nothing")
    .description(
      "Looks at a service's database as a deployment does before and after migrations, by an execution that changes nothing and takes no lock, and compares with the run before. comprehensive looks also at indexes that nobody uses or that repeat others, bloat, sequences, foreign keys without an index, tables without a key, wraparound, settings, backups, encryption, public access, and the heaviest statements. Exit code 0 when no check failed, 1 when one did or nobody could look.",
    )
    .argument('<service>', 'whose database')
    .addOption(workflow())
    .addOption(new Option('--level <L>', 'how much of it').choices(levels).default('standard' as const))
    .option('--reason <WHY>', 'for people and the journal')
    .addOption(by())
    .option('--of <NAME>', 'print an earlier run instead of a new one')
    .addOption(
      new Option('--format <FORMAT>', 'html: a page of its own, which loads nothing')
        .choices(['text', 'json', 'markdown', 'html'] as const)
        .default('text' as const),
    )
    .option('--json', 'the same as --format json')
    .addHelpText('after', SDK)
    .action(async (service, options) =>
      end(await (await import('../validate.ts')).validate({ service, ...options })),
    );

  const lock = program
    .command('lock')
    .summary('show the lock of a service, or free it')
    .description('Shows the lock of a service, or frees it: one deployment at a time has it.')
    .usage('<verb> [options]')
    .helpCommand(false)
    .commandsGroup('verbs:');

  lock
    .command('show')
    .summary('say who holds it, what works under it, and whether it may be freed')
    .description(
      'Says who holds the lock, which executions and tasks work under it, and whether it may be freed.',
    )
    .argument('[service]', 'only this one')
    .addOption(workflow())
    .option('--json', 'a list of documents, one for each service')
    .addHelpText('after', SDK)
    .action(async (service, options) =>
      end(await (await import('../lock.ts')).showLock({ service, ...options })),
    );

  lock
    .command('release')
    .summary('free it, once nothing works under it')
    .description(
      'Frees the lock of a deployment that was left to people. Refused while one of its executions or tasks runs, or the workflow itself goes on with it. Who did it and why is in the journal.',
    )
    .argument('<service>', 'whose lock')
    .addOption(workflow())
    .addOption(reason())
    .addOption(by())
    .option('--json', 'one JSON document instead of text')
    .addHelpText('after', SDK)
    .action(async (service, options) =>
      end(await (await import('../lock.ts')).releaseLock({ service, ...options })),
    );

  /** A verb that says something to one deployment. */
  const said = (name: string, summary: string, explained: string) =>
    program
      .command(name)
      .summary(summary)
      .description(explained)
      .argument('<deployment>', DEPLOYMENT)
      .addOption(workflow())
      .addOption(reason())
      .addOption(by())
      .option('--json', 'one JSON document instead of text')
      .addHelpText('after', SDK);

  said(
    'approve',
    'say yes to what a deployment asks',
    'Answers the question that a deployment waits with: yes. The first answer counts.',
  ).action(async (deployment, options) =>
    end(await (await import('../answer.ts')).approve({ deployment, ...options })),
  );

  said(
    'reject',
    'say no to what a deployment asks',
    'Answers the question that a deployment waits with: no. The first answer counts.',
  ).action(async (deployment, options) =>
    end(await (await import('../answer.ts')).reject({ deployment, ...options })),
  );

  said(
    'pause',
    'keep a deployment at its share of the traffic',
    'Green keeps the share of the traffic that it has, from the next look on, until greenlight resume. It is still watched: a green that turns bad is rolled back. A pause that nobody ends in deadlines.pauseSeconds is rolled back too.',
  ).action(async (deployment, options) =>
    end(await (await import('../pause.ts')).pause({ deployment, ...options })),
  );

  said(
    'resume',
    'let a paused deployment go on',
    'The deployment goes on from where it was paused, at its next look.',
  ).action(async (deployment, options) =>
    end(await (await import('../pause.ts')).resume({ deployment, ...options })),
  );

  said(
    'promote',
    'end the step that a deployment is in: what was seen of green is enough',
    "Green gets its next share of the traffic, or the deployment finishes, at its next look, whatever is still undecided. A green that is found bad is rolled back all the same, and no step is cut below the environment's limits.minimumBakeSeconds. Each step wants a word of its own.",
  ).action(async (deployment, options) =>
    end(await (await import('../promote.ts')).promote({ deployment, ...options })),
  );

  said(
    'rollback',
    'bring the previous version back',
    'Brings the previous version back: of a deployment that is under way, which is stopped first, of one that was left half-way, or of the newest release within its rollback window. Follows it to its end. Exit code 0 when it was rolled back, 1 when not, 130 after Ctrl-C, which leaves it running.',
  ).action(async (deployment, options) =>
    end(await (await import('../rollback.ts')).rollback({ deployment, ...options })),
  );

  program
    .command('report')
    .summary('tell what a deployment did, how long it took and how it ended')
    .description(
      'Prints what was deployed, by whom and why, when each phase began and how long it took, what each step decided and with which numbers, how it ended and what stands now: all from the journal.',
    )
    .argument('<deployment>', DEPLOYMENT)
    .addOption(workflow())
    .addOption(
      new Option('--format <FORMAT>', 'html: a page of its own, which loads nothing')
        .choices(['text', 'json', 'markdown', 'html'] as const)
        .default('text' as const),
    )
    .option('--json', 'the same as --format json')
    .option(
      '--url',
      'instead, an address of the page that the deployment has left, which anybody can open for an hour, by your credentials',
    )
    .addHelpText('after', SDK)
    .action(async (deployment, options) =>
      end(await (await import('../report.ts')).report({ deployment, ...options })),
    );

  program
    .command('graph')
    .summary('draw the state machine, or the way of a deployment through it')
    .description(
      'Prints a picture of the state machine; with a deployment, of its newest execution: green with ✓ what was done, yellow with ⚠ what failed and was gone on from, blue with … what is at work, red with ✗ where it ended, and how often. Step Functions remembers an execution for 90 days.',
    )
    .argument('[deployment]', `${DEPLOYMENT}; without one, the machine of this version`)
    .addOption(perhapsWorkflow())
    .addOption(
      new Option('--format <FORMAT>', 'svg, or mermaid: a flowchart in text, as GitHub and GitLab draw it')
        .choices(['svg', 'mermaid'] as const)
        .default('svg' as const),
    )
    .option('--taken', 'only the states that it entered')
    .option('--phases', 'phases closed, without what stands in them')
    .addHelpText('after', SDK)
    .action(async (deployment, options) =>
      end(await (await import('../graph.ts')).graph({ deployment, ...options })),
    );
}
