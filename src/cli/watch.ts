import { executionArn, executionDetails } from '../aws/executions';
import { journalReader } from '../aws/journal';
import { lockReader } from '../aws/takeover';
import { findWorkflow } from '../aws/workflow';
import { resumedBy } from '../domain/recovery/progress';
import { serviceOf } from '../domain/report';
import { deploymentNamed } from './said';
import { exitCodeOf, watched } from './watched';

interface WatchOptions {
  deployment: string;
  workflow: string;
  json?: true;
}

/** Tells what a deployment has done, and follows it to its end. The exit code is that of `deploy`. */
export async function watch({ deployment: named, workflow: stack, json }: WatchOptions): Promise<number> {
  const deployment = deploymentNamed(named);
  const workflow = await findWorkflow(stack);
  const rows = await journalReader.open(workflow).rows(deployment);
  const service = serviceOf(rows);
  const held = service === undefined ? undefined : await lockReader.open(workflow).read(service);
  const execution =
    (held?.holder === deployment ? held.execution : resumedBy(rows)) ?? executionArn(workflow, deployment);
  if (!(await executionDetails.open(workflow).of(execution)))
    throw new Error(
      rows.length === 0
        ? `there is no deployment ${deployment} in ${stack}; look at its name again`
        : `${execution} is over for so long that Step Functions has forgotten it; npx greenlight report ${deployment} --workflow ${stack} tells what it did`,
    );
  return exitCodeOf(await watched(workflow, { deployment, execution, stack, json }), 'DeploymentSucceeded');
}
