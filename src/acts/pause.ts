import { controlReader, controlWriter } from '../aws/controls';
import { executionArn, executionDetails } from '../aws/executions';
import type { Environment } from '../domain/step/port';
import { type Control, controlText } from '../domain/traffic/pause';
import { Refused, type Said, type Told } from './said';

/** @param refusal why that cannot be asked now; undefined where it can */
export const control =
  (
    asked: Pick<Control, 'paused' | 'promoted'>,
    refusal: (
      stands: Control | undefined,
      workflow: Environment,
      deployment: string,
    ) => string | undefined | Promise<string | undefined>,
  ) =>
  async (workflow: Environment, { deployment, by, reason }: Said): Promise<Told> => {
    const execution = executionArn(workflow, deployment);
    const status = (await executionDetails.open(workflow).of(execution))?.status;
    if (status === undefined) throw new Refused(`there is no deployment ${deployment}; look at its id again`);
    if (status !== 'RUNNING')
      throw new Refused(`deployment ${deployment} does not run any more, it is ${status}`);
    const stands = await controlReader.open(workflow).read(deployment);
    const refused = await refusal(stands, workflow, deployment);
    if (refused) throw new Refused(`deployment ${deployment} is ${refused}`);
    const control: Control = { ...asked, by, reason, at: new Date().toISOString() };
    await controlWriter.open(workflow).write(deployment, control);
    return {
      text: `deployment ${deployment} is ${controlText(control)}`,
      document: { deployment, control },
    };
  };

export const holdStill = control({ paused: true }, (stands) =>
  stands?.paused ? `paused already: ${controlText(stands)} (${stands.at})` : undefined,
);
export const goOn = control({ paused: false }, (stands) => (stands?.paused ? undefined : 'not paused'));
