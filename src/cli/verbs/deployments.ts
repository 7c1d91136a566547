import { type Command, Option } from '@commander-js/extra-typings';
import { askable, busyAnswers } from '../../domain/settings/choices';
import { stackNamed } from '../stack-name';
import type { End } from './verb';

const DEPLOYMENT = 'the name of its execution';
const SDK =
  '\nRegion, credentials and endpoint are those of the AWS SDK: AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL.';

const workflow = () =>
  new Option('--workflow <STACK>', 'a CloudFormation stack that holds the DeploymentWorkflow')
    .env('GREENLIGHT_WORKFLOW')
    .argParser(stackNamed)
    .makeOptionMandatory();
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
      new Option(
        '--accept <ID>',
        'a migration that may run although it would stop a deployment (repeatable)',
      ).argParser((id, before: string[] | undefined) => [...(before ?? []), id]),
    )
    .addOption(
      new Option('--on-busy <B>', 'when another deployment is at work on the service').choices(busyAnswers),
    )
    .option('--approval', 'somebody has to agree')
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
      'Tells what a deployment has done so far, and follows it to its end. Ctrl-C leaves it running. The exit code is 0 when the version is live, 1 when not, 130 after Ctrl-C.',
    )
    .argument('<deployment>', DEPLOYMENT)
    .addOption(workflow())
    .option('--json', 'one JSON document a line: each step, and at last the end')
    .addHelpText('after', SDK)
    .action(async (deployment, options) =>
      end(await (await import('../watch.ts')).watch({ deployment, ...options })),
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
    'rollback',
    'bring the previous version back',
    'Brings the previous version back: of a deployment that is under way, which is stopped first, of one that was left half-way, or of the newest release within its rollback window. Follows it to its end. Exit code 0 when it was rolled back.',
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
    .option('--json', 'one JSON document instead of text')
    .addHelpText('after', SDK)
    .action(async (deployment, options) =>
      end(await (await import('../report.ts')).report({ deployment, ...options })),
    );
}
