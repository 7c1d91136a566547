import type { Authorise } from '../endpoint/dispatch';
import { accessDenied } from '../endpoint/errors';
import { ACCOUNT, REGION } from '../names';
import type { Caller } from '../service';
import { explain } from './decide';
import { denial } from './denial';
import { requirementsOf } from './requirements';
import type { Lookups } from './requirements/requirement';
import type { Statement } from './statements';

/** The identity policies of the local cloud's roles. */
export interface Policies {
  /** Empty for a role that is not there. */
  statementsOf(roleArn: string): readonly Statement[];
  /** Told without which statements a call would have been denied. */
  needed?(roleArn: string, statements: readonly Statement[]): void;
  /** Told which action was not. */
  denied?(roleArn: string, action: string): void;
}

const globalContext = (roleArn: string) => ({
  'aws:PrincipalAccount': ACCOUNT,
  'aws:PrincipalArn': roleArn,
  'aws:PrincipalType': 'AssumedRole',
  'aws:RequestedRegion': REGION,
  'aws:ResourceAccount': ACCOUNT,
  's3:ResourceAccount': ACCOUNT,
});

/** The tags of a resource by its ARN; undefined when it has none or is not there yet. */
export type TagsOf = (resource: string) => Readonly<Record<string, string>> | undefined;

const tagsContext = (tags: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]));

/**
 * Authorises calls as IAM does: every action that an operation needs must be allowed by the caller's role on every
 * resource it touches. Callers without a role are the local administrator.
 */
export function createAuthorise(
  policies: Policies,
  lookups: Lookups,
  tagsOf: TagsOf = () => undefined,
): Authorise {
  return (service, operation, input, caller: Caller) => {
    const { roleArn } = caller;
    if (roleArn === undefined) return;
    const statements = policies.statementsOf(roleArn);
    for (const { action, resources, context } of requirementsOf(service, operation, input, lookups)) {
      const known = { ...globalContext(roleArn), ...context };
      const contextOf = (touched: string) => tagsContext(tagsOf(touched));
      const { decision, resource, needed } = explain(statements, action, resources, known, contextOf);
      if (decision !== 'allow') {
        policies.denied?.(roleArn, action);
        // Source: AWS Secrets Manager User Guide, "Troubleshoot AWS Secrets Manager"
        if (service === 'secretsmanager' && action.startsWith('kms:'))
          throw accessDenied('Access to KMS is not allowed');
        throw denial(caller, action, resource, decision === 'explicitDeny');
      }
      policies.needed?.(roleArn, needed);
    }
  };
}
