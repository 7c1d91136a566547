import { accessDenied, type CommonError } from '../endpoint/errors';
import { ACCOUNT } from '../names';
import type { Caller } from '../service';

/** A role shows up in messages as the session that assumed it; the session of a function is named after it. */
export function principal({ accessKeyId, roleArn }: Caller): string {
  const role = roleArn?.split('/').at(-1);
  return role
    ? `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${accessKeyId}`
    : `arn:aws:iam::${ACCOUNT}:user/${accessKeyId}`;
}

/** AccessDenied in AWS's words; `explicit` when a Deny statement decided and not the want of an Allow. */
export function denial(caller: Caller, action: string, resource: string, explicit = false): CommonError {
  const because = explicit
    ? 'with an explicit deny in an identity-based policy'
    : `because no identity-based policy allows the ${action} action`;
  return accessDenied(
    `User: ${principal(caller)} is not authorized to perform: ${action} on resource: ${resource} ${because}`,
  );
}
