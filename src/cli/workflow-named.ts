import { WORKFLOW_NAME } from '../domain/settings/workflow-name';
import { shown } from '../domain/text/printable';
import { UsageError } from './usage-error';

/** What `--workflow` takes. */
export const WORKFLOW =
  "a CloudFormation stack that holds the DeploymentWorkflow, or the workflow's own name";

/** The value of `--workflow`. Throws UsageError. */
export function workflowNamed(text: string): string {
  if (WORKFLOW_NAME.test(text)) return text;
  throw new UsageError(`expected --workflow STACK, ${WORKFLOW}, received ${shown(text)}`);
}
