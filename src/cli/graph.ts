import { type Definition, definition } from '../../statemachines';
import { layoutOf } from '../../statemachines/drawing/layout';
import { mermaidOf } from '../../statemachines/drawing/mermaid';
import { svgOf } from '../../statemachines/drawing/svg';
import { type Trail, taken } from '../../statemachines/drawing/trail';
import { executionArn, executionTracer } from '../aws/executions';
import { journalReader } from '../aws/journal';
import { findWorkflow } from '../aws/workflow';
import { resumedBy } from '../domain/recovery/progress';
import { wayOf } from '../domain/report/way';
import { print } from './print';
import { deploymentNamed } from './said';
import { UsageError } from './usage-error';
import { WORKFLOW } from './workflow-named';

interface GraphOptions {
  deployment?: string;
  workflow?: string;
  format: 'svg' | 'mermaid';
  taken?: true;
  phases?: true;
}

interface Drawn {
  title: string;
  machine: Definition;
  trail?: Trail;
}

/** A deployment's newest execution, which draws the definition that it began with. */
async function drawnOf(named: string, stack: string): Promise<Drawn> {
  const deployment = deploymentNamed(named);
  const workflow = await findWorkflow(stack);
  // whose execution was over too early is gone on with in another one
  const resumed = resumedBy(await journalReader.open(workflow).rows(deployment));
  const execution = resumed ?? executionArn(workflow, deployment);
  const trace = await executionTracer.open(workflow).of(execution);
  if (!trace)
    throw new Error(
      `Step Functions does not know ${execution}, or has forgotten it, as it does 90 days after its end; the name of a deployment is that of its execution`,
    );
  return {
    title: `Deployment ${deployment}`,
    machine: JSON.parse(trace.definition) as Definition,
    trail: wayOf(trace.events, trace.running),
  };
}

export async function graph({
  deployment,
  workflow,
  format,
  taken: only,
  phases,
}: GraphOptions): Promise<number> {
  if (deployment !== undefined && workflow === undefined)
    throw new UsageError(`expected --workflow STACK, ${WORKFLOW}, received nothing`);
  if (deployment === undefined && only)
    throw new UsageError('expected a deployment beside --taken, the name of its execution, received nothing');
  const { title, machine, trail }: Drawn =
    deployment !== undefined && workflow !== undefined
      ? await drawnOf(deployment, workflow)
      : { title: 'A deployment', machine: definition };
  const shown = trail && only ? taken(machine, trail) : machine;
  const picture =
    format === 'mermaid'
      ? mermaidOf(shown, !phases, trail)
      : svgOf(title, layoutOf(shown, !phases, trail), trail);
  print(picture.trimEnd());
  return 0;
}
