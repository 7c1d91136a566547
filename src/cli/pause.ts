import { controlReader, controlWriter } from '../aws/controls';
import { executionArn, executionDetails } from '../aws/executions';
import type { Environment } from '../domain/step/port';
import { type Control, controlText } from '../domain/traffic/pause';
import { type Said, saying, type Told } from './said';

const control =
  (paused: boolean) =>
  async (workflow: Environment, { deployment, by, reason }: Said): Promise<Told> => {
    const execution = executionArn(workflow, deployment);
    const status = (await executionDetails.open(workflow).of(execution))?.status;
    if (status === undefined) throw new Error(`there is no deployment ${deployment}; look at its id again`);
    if (status !== 'RUNNING')
      throw new Error(`deployment ${deployment} does not run any more, it is ${status}`);
    const stands = await controlReader.open(workflow).read(deployment);
    if (paused && stands?.paused)
      throw new Error(`deployment ${deployment} is paused already: ${controlText(stands)} (${stands.at})`);
    if (!paused && !stands?.paused) throw new Error(`deployment ${deployment} is not paused`);
    const control: Control = { paused, by, reason, at: new Date().toISOString() };
    await controlWriter.open(workflow).write(deployment, control);
    return {
      text: `deployment ${deployment} is ${controlText(control)}`,
      document: { deployment, control },
    };
  };

export const pause = saying(control(true));
export const resume = saying(control(false));
