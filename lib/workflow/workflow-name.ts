import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { WORKFLOW_NAME } from '../../src/domain/settings/workflow-name';

/** The workflows of a stack, by name. */
const taken = new WeakMap<Stack, Map<string, string>>();

/** @throws Error for a name that is none, or that another workflow of the stack has */
export function workflowName(workflow: Construct, given?: string): string {
  const stack = Stack.of(workflow);
  const name = given ?? stack.stackName;
  const { path } = workflow.node;
  if (!WORKFLOW_NAME.test(name))
    throw new Error(`${path}.name: expected 1 to 128 letters, digits, ".", "-" and "_", received ${name}`);
  const names = taken.get(stack) ?? new Map<string, string>();
  const other = names.get(name);
  if (other !== undefined)
    throw new Error(
      `${path}.name: expected another name than ${name}, which ${other} has; a stack's workflows are found by their names, and the stack's own is the default`,
    );
  taken.set(stack, names.set(name, path));
  return name;
}
