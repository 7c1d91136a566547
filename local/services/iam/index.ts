import { randomBytes } from 'node:crypto';
import { type Policies, type Statement, statementsIn } from '../../iam';
import { ACCOUNT, roleArn } from '../../names';
import type { ResourceMaker, Service } from '../../service';
import { awsManagedPolicy } from './managed-policies';
import { type Role, Roles } from './roles';

export type { Role, RoleStatement } from './roles';

export interface Iam extends Service, Required<Policies> {
  roles(): readonly Role[];
  /**
   * Takes one statement away, to see what it was for; the result puts it back.
   * @throws Error when the role has no such statement
   */
  removeStatement(roleArn: string, index: number): () => void;
  /** Every statement without which a call would have been denied so far. */
  neededStatements(): readonly { roleArn: string; index: number }[];
  /** Every action that was denied so far, in order. */
  denials(): readonly { roleArn: string; action: string }[];
}

type PolicyDocument = Parameters<typeof statementsIn>[0];

interface RoleProperties {
  RoleName?: string;
  Path?: string;
  AssumeRolePolicyDocument: unknown;
  Policies?: { PolicyName: string; PolicyDocument: PolicyDocument }[];
  ManagedPolicyArns?: string[];
  PermissionsBoundary?: string;
}

interface PolicyProperties {
  PolicyName?: string;
  ManagedPolicyName?: string;
  PolicyDocument: PolicyDocument;
  Roles?: string[];
  Users?: string[];
  Groups?: string[];
}

/** The template's own managed policies, by ARN. */
type Managed = Map<string, readonly Statement[]>;

const uniqueId = () => `AROA${randomBytes(8).toString('hex').toUpperCase()}`;

function roleMaker(roles: Roles, managed: Managed): ResourceMaker {
  return (properties: RoleProperties, context) => {
    const { Path = '/', Policies: inline = [], ManagedPolicyArns = [] } = properties;
    const name = properties.RoleName ?? context.name;
    if (properties.PermissionsBoundary) {
      throw new Error(`the role ${name} has a PermissionsBoundary, which the local cloud does not evaluate`);
    }
    const arn = roleArn(`${Path.slice(1)}${name}`);
    roles.add({ name, arn, trust: properties.AssumeRolePolicyDocument });
    for (const { PolicyName, PolicyDocument } of inline) {
      roles.attach(arn, PolicyName, statementsIn(PolicyDocument, `${name}/${PolicyName}`));
    }
    for (const policy of ManagedPolicyArns) {
      roles.attach(arn, policy, managed.get(policy) ?? awsManagedPolicy(policy));
    }
    return { ref: name, attributes: { Arn: arn, RoleId: uniqueId() } };
  };
}

/** Attaches a policy to the roles it names and returns its statements. */
function attach(roles: Roles, policy: string, properties: PolicyProperties): readonly Statement[] {
  if (properties.Users?.length || properties.Groups?.length) {
    throw new Error(`the policy ${policy} is for users or groups; the local cloud has roles only`);
  }
  const statements = statementsIn(properties.PolicyDocument, policy);
  for (const name of properties.Roles ?? []) roles.attach(roles.arnOf(name, policy), policy, statements);
  return statements;
}

function policyMaker(roles: Roles): ResourceMaker {
  return (properties: PolicyProperties, context) => {
    const name = properties.PolicyName ?? context.name;
    attach(roles, name, properties);
    return { ref: name, attributes: { Id: name } };
  };
}

function managedPolicyMaker(roles: Roles, managed: Managed): ResourceMaker {
  return (properties: PolicyProperties, context) => {
    const arn = `arn:aws:iam::${ACCOUNT}:policy/${properties.ManagedPolicyName ?? context.name}`;
    managed.set(arn, attach(roles, arn, properties));
    return { ref: arn, attributes: { PolicyArn: arn } };
  };
}

/** The policies that a role's own properties give it. */
const policiesOf = ({ Policies = [], ManagedPolicyArns = [] }: Partial<RoleProperties>): string[] => [
  ...Policies.map(({ PolicyName }) => PolicyName),
  ...ManagedPolicyArns,
];

/** Takes a policy from the roles that it names. */
function detach(roles: Roles, policy: string, { Roles: names = [] }: Pick<PolicyProperties, 'Roles'>): void {
  for (const name of names) roles.detach(roles.arnOf(name, policy), policy);
}

/** Holds the roles and policies of the template; it answers no calls. */
export function createIam(): Iam {
  const roles = new Roles();
  const managed: Managed = new Map();
  const denials: { roleArn: string; action: string }[] = [];
  const resources = {
    'AWS::IAM::Role': roleMaker(roles, managed),
    'AWS::IAM::Policy': policyMaker(roles),
    'AWS::IAM::ManagedPolicy': managedPolicyMaker(roles, managed),
  };
  return {
    signingName: 'iam',
    operations: {},
    resources,
    updates: {
      'AWS::IAM::Role': (properties, context) => {
        const arn = roles.arnOf(context.ref, context.ref);
        for (const policy of policiesOf(context.before)) roles.detach(arn, policy);
        return resources['AWS::IAM::Role'](properties, context);
      },
      'AWS::IAM::Policy': (properties, context) => {
        detach(roles, context.ref, context.before);
        return resources['AWS::IAM::Policy'](properties, context);
      },
      'AWS::IAM::ManagedPolicy': (properties, context) => {
        detach(roles, context.ref, context.before);
        // those that name it themselves keep it
        roles.replace(context.ref, statementsIn(properties.PolicyDocument, context.ref));
        return resources['AWS::IAM::ManagedPolicy'](properties, context);
      },
    },
    removals: {
      'AWS::IAM::Role': (ref) => roles.delete(roles.arnOf(ref, ref)),
      'AWS::IAM::Policy': (ref, properties) => detach(roles, ref, properties),
      'AWS::IAM::ManagedPolicy': (ref, properties) => {
        detach(roles, ref, properties);
        managed.delete(ref);
      },
    },
    statementsOf: (arn) => roles.statementsOf(arn),
    needed: (arn, statements) => roles.markNeeded(arn, statements),
    denied: (roleArn, action) => void denials.push({ roleArn, action }),
    denials: () => denials,
    roles: () => roles.list(),
    removeStatement: (arn, index) => roles.remove(arn, index),
    neededStatements: () => roles.needed(),
  };
}
