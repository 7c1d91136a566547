import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Grant, Ports, Scope } from '../src/domain/step/port';

/**
 * The statements of one role from the ports its step declares. An action that two ports need on the same
 * resources appears once, so each statement is the only one that allows what it allows.
 */
export function statementsOf(ports: Ports, scope: Scope): PolicyStatement[] {
  const seen = new Set<string>();
  const statements: PolicyStatement[] = [];
  for (const grant of Object.values(ports).flatMap((port) => port.grants)) {
    if (isIdle(grant, scope)) continue;
    const actions = grant.actions.filter((action) => {
      const key = JSON.stringify([action, grant.on, grant.when]);
      return seen.has(key) ? false : seen.add(key);
    });
    if (actions.length > 0) statements.push(statementOf(grant, actions, scope));
  }
  return statements;
}

/** Nothing to act on, nothing to allow: IAM takes no empty list. */
function isIdle({ on, where }: Grant, scope: Scope): boolean {
  const empty = (part: keyof Scope) => scope[part].length === 0;
  return (on !== '*' && on.every(empty)) || (where !== undefined && empty(where));
}

function statementOf({ sid, on, when }: Grant, actions: string[], scope: Scope): PolicyStatement {
  return new PolicyStatement({
    sid,
    effect: Effect.ALLOW,
    actions,
    resources: on === '*' ? ['*'] : on.flatMap((part) => scope[part]),
    conditions: when && { [when.operator]: { [when.key]: 'text' in when ? when.text : scope[when.values] } },
  });
}
