import { type Command, Option } from '@commander-js/extra-typings';
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
const by = () => new Option('--by <NAME>', 'who says so, instead of the user of this machine').env('USER');
const reason = () => new Option('--reason <WHY>', 'for people and the journal').makeOptionMandatory();

/** Verbs about deployments in an account. */
export function addDeploymentVerbs(program: Command, end: End): void {
  program.commandsGroup('deployments:');

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
