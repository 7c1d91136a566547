import { startDeployment } from '../acts/start';
import { validationOn } from '../acts/validation';
import { findWorkflow } from '../aws/workflow';
import { hasFailed, type ValidationReport } from '../domain/report/validation';
import { deploymentNameOf } from '../domain/request/name';
import { type DeploymentRequest, LIVE, requestSchema } from '../domain/request/request';
import type { Environment } from '../domain/step/port';
import { problemsOf } from '../domain/text/schema-problems';
import type { Level } from '../domain/validation/check';
import { follow } from './follow';
import { print, remark } from './print';
import { deploymentNamed, userName } from './said';
import { UsageError } from './usage-error';

interface ValidateOptions {
  service: string;
  workflow: string;
  level: Level;
  reason?: string;
  by?: string;
  /** An earlier run, instead of a new one. */
  of?: string;
  format: 'text' | 'json' | 'markdown' | 'html';
  json?: true;
}

/** Each form is loaded when it is asked for. */
const FORMS: Record<ValidateOptions['format'], () => Promise<(report: ValidationReport) => string>> = {
  text: async () => (await import('../domain/report/validation/text.ts')).validationText,
  json: async () => (report) => JSON.stringify(report, null, 2),
  markdown: async () => (await import('../domain/report/validation/markdown.ts')).validationMarkdown,
  html: async () => (await import('../domain/report/validation/html.ts')).validationHtml,
};

/** Throws UsageError. */
function requestOf({
  service,
  level,
  reason = 'validated on demand',
  by,
}: ValidateOptions): DeploymentRequest {
  const value = {
    ...{ service, image: LIVE, only: 'validation', validation: level },
    ...{ reason, requestedBy: by ?? userName() },
  };
  const parsed = requestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UsageError(problemsOf(parsed.error, value, 'request').join('; '));
}

/** Resolves with the name of the run once it has looked. Throws where it could not, with why. */
async function run(workflow: Environment, request: DeploymentRequest): Promise<string> {
  const name = deploymentNameOf({ service: request.service, image: 'database:validation' }, new Date());
  const { execution } = await startDeployment(workflow, name, request);
  remark(`${name}: validates the database of ${request.service}, ${request.validation}`);
  const { outcome, cause } = await follow(workflow, { deployment: name, execution, told: 0 }, (news) => {
    if ('waits' in news) remark(news.waits);
  });
  if (outcome !== 'PlanReported') throw new Error(`${name}: ${[outcome, cause].filter(Boolean).join(': ')}`);
  return name;
}

/** Exit code 0 when no check failed. */
export async function validate(options: ValidateOptions): Promise<number> {
  const { service, workflow: stack, of, json, format } = options;
  const earlier = of === undefined ? undefined : deploymentNamed(of);
  const request = requestOf(options);
  const workflow = await findWorkflow(stack);
  const name = earlier ?? (await run(workflow, request));
  const report = await validationOn(workflow, name);
  if (report?.service !== service)
    throw new Error(
      `the journal of ${stack} has no validation ${name} of ${service}; its name is the one that greenlight validate says first`,
    );
  print((await FORMS[json ? 'json' : format]())(report));
  return hasFailed(report) ? 1 : 0;
}
