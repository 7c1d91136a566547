import { randomBytes } from 'node:crypto';
import type { Policies } from '../../iam';
import { type Statement, statementsIn } from '../../iam/statements';
import { ACCOUNT, roleArn } from '../../names';
import type { ResourceMaker, Service } from '../../service';
import { awsManagedPolicy } from './managed-policies';

/** A statement in force for a role; the index stays the same when others are taken away. */
export interface RoleStatement {
  index: number;
  /** The policy it comes from. */
  policy: string;
  statement: Statement;
}

export interface Role {
  name: string;
  arn: string;
  /** AssumeRolePolicyDocument as given: who may assume the role; kept, not enforced. */
  trust: unknown;
  statements: readonly RoleStatement[];
}

export interface Iam extends Service, Required<Policies> {
  roles(): readonly Role[];
  /**
   * Takes one statement away, to see what it was for; the result puts it back.
   * @throws Error when the role has no such statement
   */
  removeStatement(roleArn: string, index: number): () => void;
  /** Every statement that has allowed a call so far. */
  used(): readonly { roleArn: string; index: number }[];
}

interface Entry extends RoleStatement {
  removed: boolean;
  used: boolean;
}

interface RoleRecord extends Omit<Role, 'statements'> {
  entries: Entry[];
}

interface PolicyProperties {
  PolicyName?: string;
  ManagedPolicyName?: string;
  PolicyDocument: Parameters<typeof statementsIn>[0];
  Roles?: string[];
  Users?: string[];
  Groups?: string[];
}

interface RoleProperties {
  RoleName?: string;
  Path?: string;
  AssumeRolePolicyDocument: unknown;
  Policies?: { PolicyName: string; PolicyDocument: PolicyProperties['PolicyDocument'] }[];
  ManagedPolicyArns?: string[];
  PermissionsBoundary?: string;
}

const uniqueId = () => `AROA${randomBytes(8).toString('hex').toUpperCase()}`;

/** Holds the roles and policies of the template; it answers no calls. */
export function createIam(): Iam {
  const roles = new Map<string, RoleRecord>();
  const managed = new Map<string, Statement[]>();

  const attach = (role: RoleRecord, policy: string, statements: readonly Statement[]) => {
    for (const statement of statements) {
      const index = role.entries.length;
      // A copy of its own tells statements apart that two roles share.
      role.entries.push({ index, policy, statement: { ...statement }, removed: false, used: false });
    }
  };
  const byName = (name: string, policy: string): RoleRecord => {
    const role = [...roles.values()].find((candidate) => candidate.name === name);
    if (!role) throw new Error(`the policy ${policy} is for the role ${name}, which does not exist`);
    return role;
  };
  const attachToRoles = (properties: PolicyProperties, policy: string): Statement[] => {
    if (properties.Users?.length || properties.Groups?.length) {
      throw new Error(`the policy ${policy} is for users or groups; the local cloud has roles only`);
    }
    const statements = statementsIn(properties.PolicyDocument, policy);
    for (const name of properties.Roles ?? []) attach(byName(name, policy), policy, statements);
    return statements;
  };

  const makeRole: ResourceMaker = (properties: RoleProperties, context) => {
    const name = properties.RoleName ?? context.name;
    if (properties.PermissionsBoundary) {
      throw new Error(`the role ${name} has a PermissionsBoundary, which the local cloud does not evaluate`);
    }
    const arn = roleArn(`${(properties.Path ?? '/').slice(1)}${name}`);
    const role: RoleRecord = { name, arn, trust: properties.AssumeRolePolicyDocument, entries: [] };
    for (const { PolicyName, PolicyDocument } of properties.Policies ?? []) {
      attach(role, PolicyName, statementsIn(PolicyDocument, `${name}/${PolicyName}`));
    }
    for (const policyArn of properties.ManagedPolicyArns ?? []) {
      attach(role, policyArn, managed.get(policyArn) ?? awsManagedPolicy(policyArn));
    }
    roles.set(arn, role);
    return { ref: name, attributes: { Arn: arn, RoleId: uniqueId() } };
  };

  const makePolicy: ResourceMaker = (properties: PolicyProperties, context) => {
    const name = properties.PolicyName ?? context.name;
    attachToRoles(properties, name);
    return { ref: name, attributes: { Id: name } };
  };

  const makeManagedPolicy: ResourceMaker = (properties: PolicyProperties, context) => {
    const name = properties.ManagedPolicyName ?? context.name;
    const arn = `arn:aws:iam::${ACCOUNT}:policy/${name}`;
    managed.set(arn, attachToRoles(properties, arn));
    return { ref: arn, attributes: { PolicyArn: arn } };
  };

  const entriesOf = (arn: string) => roles.get(arn)?.entries ?? [];

  return {
    signingName: 'iam',
    operations: {},
    resources: {
      'AWS::IAM::Role': makeRole,
      'AWS::IAM::Policy': makePolicy,
      'AWS::IAM::ManagedPolicy': makeManagedPolicy,
    },
    statementsOf: (arn) =>
      entriesOf(arn)
        .filter(({ removed }) => !removed)
        .map(({ statement }) => statement),
    allowed(arn, statements) {
      for (const entry of entriesOf(arn)) {
        if (statements.includes(entry.statement)) entry.used = true;
      }
    },
    roles: () =>
      [...roles.values()].map(({ entries, ...role }) => ({
        ...role,
        statements: entries
          .filter(({ removed }) => !removed)
          .map(({ index, policy, statement }) => ({ index, policy, statement })),
      })),
    removeStatement(arn, index) {
      const entry = entriesOf(arn)[index];
      if (!entry) throw new Error(`the role ${arn} has no statement ${index}`);
      entry.removed = true;
      return () => {
        entry.removed = false;
      };
    },
    used: () =>
      [...roles.values()].flatMap(({ arn, entries }) =>
        entries.filter(({ used }) => used).map(({ index }) => ({ roleArn: arn, index })),
      ),
  };
}
