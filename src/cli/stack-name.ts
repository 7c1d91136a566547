import { shown } from '../domain/text/printable';
import { UsageError } from './usage-error';

/** Source: AWS CloudFormation API Reference, CreateStack, StackName. */
const STACK = /^[a-zA-Z][a-zA-Z0-9-]{0,127}$/;

/** The value of `--workflow`. Throws UsageError. */
export function stackNamed(text: string): string {
  if (STACK.test(text)) return text;
  throw new UsageError(
    `expected --workflow STACK, a CloudFormation stack that holds the DeploymentWorkflow, received ${shown(text)}`,
  );
}
