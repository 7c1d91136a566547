import { journalReader } from '../aws/journal';
import { findWorkflow } from '../aws/workflow';
import { serviceOf } from '../domain/report';
import { checklistOf } from '../domain/report/checklist';
import { checklistMarkdown } from '../domain/report/checklist/markdown';
import type { Known } from '../domain/report/checklist/point';
import { statusOf } from '../domain/report/status';
import { examined } from './doctor';
import { print } from './print';
import { deploymentNamed } from './said';
import { servicesOf } from './services';
import { standingOf } from './status';
import { readTried } from './tried-file';
import { UsageError } from './usage-error';

export interface ChecklistOptions {
  /** A file of `greenlight try --json`. */
  tried?: string;
  /** Whose account is looked at. */
  service?: string;
  /** A deployment, or a plan; its service is looked at. */
  deployment?: string;
  /** The stack. */
  workflow?: string;
  json?: true;
}

/** What the account knows of a deployment, of its service, or of a service. */
async function knownIn({
  service: asked,
  deployment: named,
  workflow: stack,
}: ChecklistOptions): Promise<Known> {
  if (asked === undefined && named === undefined) return {};
  if (stack === undefined)
    throw new UsageError(
      'expected --workflow STACK, or GREENLIGHT_WORKFLOW, with --service and --deployment',
    );
  const deployment = named === undefined ? undefined : deploymentNamed(named);
  const workflow = await findWorkflow(stack);
  const rows = deployment === undefined ? undefined : await journalReader.open(workflow).rows(deployment);
  if (rows?.length === 0)
    throw new Error(
      `the journal of ${stack} has nothing of ${JSON.stringify(deployment)}; the name of a deployment is that of its execution`,
    );
  const service = asked ?? (rows && serviceOf(rows));
  // a request that was not understood is of no service
  if (service === undefined) return { rows };
  const [settings] = await servicesOf(workflow, service);
  const [all, facts] = await Promise.all([
    examined(workflow, stack, service),
    settings && standingOf(workflow, stack, settings),
  ]);
  return {
    rows,
    obstacles: all.flatMap(({ findings }) => findings),
    status: facts && statusOf(facts),
  };
}

/**
 * Prints what a team ticks around a release, filled in with what is known.
 * @param files what was found in the release's files, where they were read
 */
export async function printChecklist(options: ChecklistOptions, files?: Known['files']): Promise<number> {
  const tried = options.tried === undefined ? undefined : readTried(options.tried).results;
  const points = checklistOf({ ...(await knownIn(options)), files, tried });
  print(options.json ? JSON.stringify(points, null, 2) : checklistMarkdown(points));
  return 0;
}
