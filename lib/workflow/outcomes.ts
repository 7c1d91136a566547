import { type OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';

/** How a deployment can end so that somebody acts on it: the event that says so. */
const outcomes = {
  succeeded: 'DeploymentSucceeded',
  rolledBack: 'DeploymentRolledBack',
  needsOperator: 'OperatorNeeded',
} as const;
export type Outcome = keyof typeof outcomes;

/** A rule for the events of one workflow, whatever others of the account say. */
export function onOutcome(
  scope: Construct,
  id: string,
  which: { outcome: Outcome; workflow: string },
  { target, eventPattern, crossStackScope, ...own }: OnEventOptions = {},
): Rule {
  const rule = new Rule(crossStackScope ?? scope, id, own);
  rule.addEventPattern(eventPattern);
  rule.addEventPattern({
    source: ['greenlight'],
    detailType: [outcomes[which.outcome]],
    detail: { workflow: [which.workflow] },
  });
  rule.addTarget(target);
  return rule;
}
