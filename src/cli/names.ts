import { deploymentName } from '../domain/request/resume';
import { shown } from '../domain/text/printable';

/** A deployment's id as somebody typed it. Throws with what was expected. */
export function deploymentNamed(text: string | undefined): string {
  if (text !== undefined && deploymentName.safeParse(text).success) return text;
  throw new Error(`expected a deployment, the name of its execution, received ${shown(text)}`);
}

/** Source: AWS CloudFormation API Reference, CreateStack, StackName. */
const STACK = /^[a-zA-Z][a-zA-Z0-9-]{0,127}$/;

/** The value of `--workflow`. Throws with what was expected. */
export function stackNamed(text: string | undefined): string {
  if (text !== undefined && STACK.test(text)) return text;
  throw new Error(
    `expected --workflow STACK, a CloudFormation stack that holds the DeploymentWorkflow, received ${shown(text)}`,
  );
}
