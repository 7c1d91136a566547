import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Grant, Grants, Scope } from '../../src/domain/step/port';
import { reasons } from './reach';
import type { Allowed } from './role';

/** Actions that IAM cannot restrict to a resource. Source: Service Authorization Reference, the table of each service. */
export const unrestricted: Record<string, string> = {
  'application-autoscaling:DescribeScalableTargets': 'Application Auto Scaling has no resource for it',
  'cloudwatch:GetMetricData': 'Amazon CloudWatch has no resource for it',
  'ecs:DescribeTaskDefinition': 'Amazon ECS has no resource for it',
  'ecs:ListTasks':
    'Amazon ECS has container instances for its resource, which Fargate has none of; by condition the cluster alone',
  ...Object.fromEntries(
    ['DescribeListeners', 'DescribeLoadBalancers', 'DescribeRules', 'DescribeTargetHealth'].map((action) => [
      `elasticloadbalancing:${action}`,
      'Elastic Load Balancing has no resource for it',
    ]),
  ),
};

/** @throws Error for an action without a reason, which a review would ask for */
function whyEverything(action: string): string {
  const reason = unrestricted[action];
  if (reason === undefined)
    throw new Error(
      `${action} is allowed on everything; name its resources, or say in lib/rights/grants.ts why not`,
    );
  return `${action}: ${reason}`;
}

/**
 * The statements of one role from the ports its step declares. An action that two ports need on the same
 * resources appears once, so each statement is the only one that allows what it allows.
 */
export function statementsOf(ports: Readonly<Record<string, Grants>>, scope: Scope): Allowed[] {
  const seen = new Set<string>();
  const statements: Allowed[] = [];
  for (const grant of Object.values(ports).flatMap((port) => port.grants)) {
    if (isIdle(grant, scope)) continue;
    const actions = grant.actions.filter((action) => {
      const key = JSON.stringify([action, grant.on, grant.when]);
      return seen.has(key) ? false : seen.add(key);
    });
    if (actions.length > 0) statements.push(allowed(grant, actions, scope));
  }
  return statements;
}

/** Nothing to act on, nothing to allow: IAM takes no empty list. */
function isIdle({ on, where }: Grant, scope: Scope): boolean {
  const empty = (part: keyof Scope) => scope[part].length === 0;
  return (on !== '*' && on.every(empty)) || (where !== undefined && empty(where));
}

function allowed(grant: Grant, actions: string[], scope: Scope): Allowed {
  const { sid, on, when } = grant;
  const statement = new PolicyStatement({
    sid,
    effect: Effect.ALLOW,
    actions,
    resources: on === '*' ? ['*'] : on.flatMap((part) => scope[part]),
    conditions: when && { [when.operator]: { [when.key]: 'text' in when ? when.text : scope[when.values] } },
  });
  if (on === '*') return { statement, because: { '*': actions.map(whyEverything).join('; ') } };
  const because = on.flatMap((part) => {
    const reason = reasons[part];
    return reason === undefined ? [] : scope[part].map((resource) => [resource, reason] as const);
  });
  return { statement, because: Object.fromEntries(because) };
}
