import { userInfo } from 'node:os';
import { executionReader, executionStarter } from '../aws/executions';
import { rollbackName } from '../domain/recovery/reconcile';
import { resumeSchema } from '../domain/request/resume';
import { follow } from './follow';
import { deploymentNamed, stackNamed } from './names';
import { only, optionsOf } from './options';
import { print, remark } from './print';
import type { Verb } from './verb';
import { environmentOf, findWorkflow } from './workflow';

const USAGE = `usage: greenlight rollback <deployment> --workflow STACK --reason TEXT [options]

Brings the previous version back: of a deployment that is under way, which is stopped first, of one that was left half-way,
or of the newest release within its rollback window. Follows it to its end. Exit code 0 when it was rolled back.

  <deployment>       its id: the name of the execution that began it
  --workflow STACK   the CloudFormation stack that holds the DeploymentWorkflow
  --reason TEXT      why, for people and the journal
  --by NAME          who ($USER)
  --json             print one JSON line with execution, outcome and cause, at the end
  --help             this text`;

const OPTIONS = {
  workflow: { type: 'string' },
  reason: { type: 'string' },
  by: { type: 'string', default: userInfo().username },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

const parse = (args: readonly string[]) =>
  optionsOf('rollback', args, OPTIONS, ({ values, positionals }) => {
    if (values.help) return undefined;
    const deploymentId = deploymentNamed(only(positionals));
    const workflow = stackNamed(values.workflow);
    if (values.reason === undefined) throw new Error('--reason is missing');
    const request = { resume: 'rollback', deploymentId, requestedBy: values.by, reason: values.reason };
    const parsed = resumeSchema.safeParse(request);
    if (parsed.success) return { workflow, request: parsed.data, json: values.json === true };
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new Error(problems.join('; '));
  });

/** The first rollback of the deployment that has not been tried. */
async function untried(
  deployment: string,
  starter: ReturnType<typeof executionStarter.open>,
  reader: ReturnType<typeof executionReader.open>,
): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const name = rollbackName(deployment, attempt);
    if ((await reader.state(starter.arnOf(name))) === 'unknown') return name;
  }
}

export const rollback: Verb = {
  async run(args) {
    const options = parse(args);
    if (!options) {
      print(USAGE);
      return 0;
    }
    const { workflow, request, json } = options;
    const environment = environmentOf(await findWorkflow(workflow));
    const starter = executionStarter.open(environment);
    const name = await untried(request.deploymentId, starter, executionReader.open(environment));
    await starter.start(name, request);
    const execution = starter.arnOf(name);
    const end = await follow(execution, (state) => remark(state));
    if (json) print(JSON.stringify({ execution, ...end }));
    else print(`${end.outcome}: ${end.cause}`);
    return end.outcome === 'RolledBack' ? 0 : 1;
  },
};
