import type { CreatePolicyStmt } from 'libpg-query';
import { type Catalog, type Policy, resolve } from '../catalog';
import { policyOf } from '../schema-objects';
import type { Subject } from './rule';

/** Reading, inserting, updating, deleting, as in pg_policy. */
const COMMANDS = [...'rawd'];

/** Policies for the relation that come in the same transaction. */
const coming = ({ following, inTransaction, catalog, relation }: Subject): Policy[] =>
  inTransaction
    ? following.flatMap(({ tag, node }) => {
        const policy = node as CreatePolicyStmt;
        return tag === 'CreatePolicyStmt' && resolve(catalog, policy.table ?? {}, catalog.tables) === relation
          ? policyOf(policy)
          : [];
      })
    : [];

/** For a role that is at work, or any where nobody has looked who is. */
const isForWorkers = ({ working }: Catalog, { roles }: Policy): boolean =>
  !roles || working === undefined || roles.some((role) => working.includes(role));

/** Commands that the policies let the roles at work do. */
const admitted = (catalog: Catalog, policies: Policy[]): string[] =>
  COMMANDS.filter((command) =>
    policies.some(
      (policy) => !policy.restrictive && policy.commands.includes(command) && isForWorkers(catalog, policy),
    ),
  );

/** Rows that other policies let see are hidden by it. */
const hides = (catalog: Catalog, policy: Policy): boolean =>
  policy.restrictive === true && policy.open !== true && isForWorkers(catalog, policy);

/** With row level security the roles at work go on reading and writing, as far as the policies' kinds tell. */
export function isAdmitted(subject: Subject): boolean {
  const policies = [...(subject.table?.policies ?? []), ...coming(subject)];
  return (
    admitted(subject.catalog, policies).length === COMMANDS.length &&
    !policies.some((policy) => hides(subject.catalog, policy))
  );
}

/** Row level security is on, and without the policy the roles at work may not do all that they could do. */
export function isMissed(subject: Subject): boolean {
  const { catalog, table, name } = subject;
  if (table?.secured !== true) return false;
  const before = table.policies ?? [];
  const left = [...before.filter((policy) => policy.name !== name), ...coming(subject)];
  return admitted(catalog, left).length < admitted(catalog, before).length;
}

/** A new policy takes rows away from the roles at work. */
export const hidesRows = ({ node, table, catalog }: Subject): boolean =>
  table?.secured === true && hides(catalog, policyOf(node as CreatePolicyStmt));
