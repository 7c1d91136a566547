import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { controlReader, controlWriter } from '../aws/controls';
import { type Control, controlText } from '../domain/traffic/pause';
import { deploymentVerb, type Said, type Told } from './deployment-verb';
import { environmentOf, type Workflow } from './workflow';

/** RUNNING, or how the deployment ended; undefined for one that never was. */
async function statusOf({ stateMachine }: Workflow, deployment: string): Promise<string | undefined> {
  const states = new SFNClient({});
  const executionArn = `${stateMachine.replace(':stateMachine:', ':execution:')}:${deployment}`;
  try {
    return (await states.send(new DescribeExecutionCommand({ executionArn }))).status;
  } catch (error) {
    if ((error as Error).name === 'ExecutionDoesNotExist') return undefined;
    throw error;
  } finally {
    states.destroy();
  }
}

const control =
  (paused: boolean) =>
  async (workflow: Workflow, { deployment, by, reason }: Said): Promise<Told> => {
    const status = await statusOf(workflow, deployment);
    if (status === undefined) throw new Error(`there is no deployment ${deployment}; look at its id again`);
    if (status !== 'RUNNING')
      throw new Error(`deployment ${deployment} does not run any more, it is ${status}`);
    const environment = environmentOf(workflow);
    const stands = await controlReader.open(environment).read(deployment);
    if (paused && stands?.paused)
      throw new Error(`deployment ${deployment} is paused already: ${controlText(stands)} (${stands.at})`);
    if (!paused && !stands?.paused) throw new Error(`deployment ${deployment} is not paused`);
    const control: Control = { paused, by, reason, at: new Date().toISOString() };
    await controlWriter.open(environment).write(deployment, control);
    return {
      text: `deployment ${deployment} is ${controlText(control)}`,
      document: { deployment, control },
    };
  };

export const pause = deploymentVerb(
  'pause',
  `Green keeps the share of the traffic that it has, from the next look on, until greenlight resume. It is still watched: a
green that turns bad is rolled back. A pause that nobody ends in deadlines.pauseSeconds is rolled back too.`,
  control(true),
);
export const resume = deploymentVerb(
  'resume',
  'The deployment goes on from where it was paused, at its next look.',
  control(false),
);
