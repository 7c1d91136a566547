import { readFileSync } from 'node:fs';
import { executionDetails, executionStarter } from '../aws/executions';
import { findWorkflow } from '../aws/workflow';
import { deploymentNameOf } from '../domain/request/name';
import { type DeploymentRequest, requestSchema } from '../domain/request/request';
import type { Environment } from '../domain/step/port';
import { problemsOf } from '../domain/text/schema-problems';
import { agreed, isTerminal, print, remark } from './print';
import { deploymentNamed, userName } from './said';
import { UsageError } from './usage-error';
import { exitCodeOf, watched } from './watched';

interface DeployOptions {
  workflow: string;
  service?: string;
  image?: string;
  reason?: string;
  by?: string;
  environment?: string;
  strategy?: DeploymentRequest['strategy'];
  migrations?: 'run' | 'none';
  accept?: string[];
  onBusy?: DeploymentRequest['onBusy'];
  approval?: true;
  validation?: DeploymentRequest['validation'];
  /** Text where it is none. */
  canaryPercent?: number | string;
  bakeSeconds?: number | string;
  acceptAlarm?: string[];
  notBefore?: string;
  outsideWindow?: string;
  expectedSeconds?: number | string;
  /** A file of `greenlight try --json`, for how long the maintenance page is expected. */
  tried?: string;
  /** A request as JSON, of which the options above take the place. */
  file?: string;
  dryRun?: true;
  name?: string;
  plan?: true;
  yes?: true;
  detach?: true;
  json?: true;
}

/** Throws for a file that is no JSON object. */
function requestIn(file: string): object {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message}; it is a request as JSON`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new Error(`${file} is no request: expected a JSON object with service, image and reason`);
}

/** The request that the options make, with what a file says where they say nothing. Throws UsageError. */
async function requestOf(options: DeployOptions): Promise<DeploymentRequest> {
  const { file, tried } = options;
  const measured = tried === undefined ? undefined : (await import('./tried-file.ts')).secondsTried(tried);
  const own = {
    service: options.service,
    image: options.image,
    reason: options.reason,
    requestedBy: options.by,
    environment: options.environment,
    strategy: options.strategy,
    migrations: options.migrations,
    accept: options.accept,
    acceptAlarms: options.acceptAlarm,
    approval: options.approval && 'required',
    onBusy: options.onBusy,
    validation: options.validation,
    canaryPercent: options.canaryPercent,
    bakeSeconds: options.bakeSeconds,
    notBefore: options.notBefore,
    outsideWindow: options.outsideWindow,
    expectedSeconds: options.expectedSeconds ?? measured,
    dryRun: options.dryRun,
  };
  const value = {
    requestedBy: userName(),
    ...(file === undefined ? {} : requestIn(file)),
    ...Object.fromEntries(Object.entries(own).filter(([, one]) => one !== undefined)),
  };
  const parsed = requestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UsageError(problemsOf(parsed.error, value, 'request').join('; '));
}

/** Starts an execution of this name; resolves with its ARN. Throws where there is one already: it would not be started twice. */
async function started(workflow: Environment, stack: string, name: string, request: object): Promise<string> {
  const starter = executionStarter.open(workflow);
  const execution = starter.arnOf(name);
  if (await executionDetails.open(workflow).of(execution))
    throw new Error(
      `there is a deployment ${name} already; follow it with npx greenlight watch ${name} --workflow ${stack}, or choose another --name`,
    );
  await starter.start(name, request);
  return execution;
}

/**
 * Starts a deployment and follows it to its end. Exit code 0 when the version is live, or the plan is reported; 130 where
 * Ctrl-C ended the following.
 */
export async function deploy(options: DeployOptions): Promise<number> {
  const { workflow: stack, json } = options;
  const request = await requestOf(options);
  const name =
    options.name === undefined ? deploymentNameOf(request, new Date()) : deploymentNamed(options.name);
  const workflow = await findWorkflow(stack);
  const run = async (deployment: string, what: DeploymentRequest) => {
    const execution = await started(workflow, stack, deployment, what);
    if (!json) print(`${deployment}: ${what.image} for ${what.service}${what.dryRun ? ', a plan' : ''}`);
    return { deployment, execution, stack, json };
  };
  if (options.plan && !request.dryRun) {
    const planned = await watched(workflow, await run(`${name}-plan`, { ...request, dryRun: true }));
    const code = exitCodeOf(planned, 'PlanReported');
    if (code !== 0) return code;
  }
  const asks = isTerminal() && !options.yes && !json && !request.dryRun;
  if (asks && !(await agreed(`deploy ${request.image} to ${request.service} as ${name}?`))) {
    remark('nothing was deployed');
    return 1;
  }
  const begun = await run(name, request);
  if (options.detach) {
    if (json) print(JSON.stringify({ deployment: name, execution: begun.execution }));
    else print(`follow it: npx greenlight watch ${name} --workflow ${stack}`);
    return 0;
  }
  return exitCodeOf(await watched(workflow, begun), request.dryRun ? 'PlanReported' : 'DeploymentSucceeded');
}
