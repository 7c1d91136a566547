import { Stack } from 'aws-cdk-lib';
import { PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct, IConstruct } from 'constructs';
import { acknowledge } from './acknowledge';

/** One statement of a role, and why it has a wildcard, by the resource that has it. */
export interface Allowed {
  statement: PolicyStatement;
  because?: Record<string, string>;
}

/** Characters that the inline policies of a role may have. Source: AWS IAM User Guide, "IAM and AWS STS quotas". */
const INLINE = 10_240;

/**
 * A role of its own, with all that it may do in itself: a policy apart would be one more resource for each. Where that does not
 * fit, as for hundreds of services, the CDK spreads it over managed policies.
 */
export function roleOf(
  scope: Construct,
  id: string,
  { service, description, allowed }: { service: string; description: string; allowed: readonly Allowed[] },
): Role {
  const statements = allowed.map(({ statement }) => statement);
  const policy = new PolicyDocument({ statements });
  const fits = JSON.stringify(filled(Stack.of(scope).resolve(policy), atMost)).length <= INLINE;
  const role = new Role(scope, id, {
    assumedBy: new ServicePrincipal(service),
    description,
    ...(fits ? { inlinePolicies: { Grants: policy } } : {}),
  });
  if (!fits) for (const statement of statements) role.addToPolicy(statement);
  for (const { because = {} } of allowed) acknowledgeWildcards(role, because);
  return role;
}

/** Says why a role may touch what a pattern stands for, by the pattern. */
export function acknowledgeWildcards(role: IConstruct, because: Record<string, string>): void {
  for (const [resource, reason] of Object.entries(because)) {
    const named = String(filled(Stack.of(role).resolve(resource), inBrackets));
    if (named.includes('*')) acknowledge(role, `IAM5[Resource::${named}]`, reason);
  }
}

/** A part of a template with words in the place of references, which may be parts of words. */
function filled(part: unknown, reference: (name: string) => string): unknown {
  if (typeof part !== 'object' || part === null) return part;
  if (Array.isArray(part)) return part.map((one) => filled(one, reference));
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = part as Record<string, unknown>;
  if (Ref !== undefined) return reference(String(Ref));
  if (Array.isArray(attribute)) return reference(attribute.join('.'));
  if (Array.isArray(join)) {
    const words = (join[1] as unknown[]).map((one) => [filled(one, reference), one]);
    return words.map(([word, one]) => (typeof word === 'string' ? word : JSON.stringify(one))).join(join[0]);
  }
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, filled(value, reference)]));
}

/** As cdk-nag writes a reference. */
const inBrackets = (name: string) => `<${name}>`;
/** No ARN of what a workflow is made of is longer, and no region. */
const atMost = (name: string) => 'x'.repeat(name.startsWith('AWS::') ? 16 : 140);
