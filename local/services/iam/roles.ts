import type { Statement } from '../../iam';

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

interface Entry extends RoleStatement {
  removed: boolean;
  needed: boolean;
}

/** The roles with their statements, and which of those have been needed. */
export class Roles {
  private readonly roles = new Map<string, Omit<Role, 'statements'>>();
  private readonly entries = new Map<string, Entry[]>();

  /** Adds a role, or changes one, whose statements stay. */
  add(role: Omit<Role, 'statements'>): void {
    this.roles.set(role.arn, role);
    if (!this.entries.has(role.arn)) this.entries.set(role.arn, []);
  }

  delete(arn: string): void {
    this.roles.delete(arn);
    this.entries.delete(arn);
  }

  /** @throws Error when no role has that name; `policy` is for the message */
  arnOf(name: string, policy: string): string {
    const role = [...this.roles.values()].find((candidate) => candidate.name === name);
    if (!role) throw new Error(`the policy ${policy} is for the role ${name}, which does not exist`);
    return role.arn;
  }

  attach(arn: string, policy: string, statements: readonly Statement[]): void {
    const entries = this.entriesOf(arn);
    for (const statement of statements) {
      const index = entries.length;
      // A copy of its own tells statements apart that two roles share.
      entries.push({ index, policy, statement: { ...statement }, removed: false, needed: false });
    }
  }

  /** Takes a policy's statements from a role. */
  detach(arn: string, policy: string): void {
    for (const entry of this.entriesOf(arn)) if (entry.policy === policy) entry.removed = true;
  }

  /** Gives every role that has a policy other statements by it. */
  replace(policy: string, statements: readonly Statement[]): void {
    for (const { arn, statements: own } of this.list())
      if (own.some((one) => one.policy === policy)) {
        this.detach(arn, policy);
        this.attach(arn, policy, statements);
      }
  }

  statementsOf(arn: string): Statement[] {
    return this.inForce(arn).map(({ statement }) => statement);
  }

  list(): Role[] {
    return [...this.roles.values()].map((role) => ({
      ...role,
      statements: this.inForce(role.arn).map(({ index, policy, statement }) => ({
        index,
        policy,
        statement,
      })),
    }));
  }

  remove(arn: string, index: number): () => void {
    const entry = this.entriesOf(arn)[index];
    if (!entry) throw new Error(`the role ${arn} has no statement ${index}`);
    entry.removed = true;
    return () => {
      entry.removed = false;
    };
  }

  markNeeded(arn: string, statements: readonly Statement[]): void {
    for (const entry of this.entriesOf(arn)) {
      if (statements.includes(entry.statement)) entry.needed = true;
    }
  }

  needed(): { roleArn: string; index: number }[] {
    return [...this.entries].flatMap(([roleArn, entries]) =>
      entries.filter(({ needed }) => needed).map(({ index }) => ({ roleArn, index })),
    );
  }

  private entriesOf(arn: string): Entry[] {
    return this.entries.get(arn) ?? [];
  }

  private inForce(arn: string): Entry[] {
    return this.entriesOf(arn).filter(({ removed }) => !removed);
  }
}
