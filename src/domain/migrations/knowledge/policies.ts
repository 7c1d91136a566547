import type { AlterPolicyStmt, CreatePolicyStmt } from 'libpg-query';
import { type Catalog, type Policy, resolve } from '../catalog';
import { policyOf } from '../schema/objects';
import { isOwners } from './owners';
import { worksAs } from './roles';
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
const isForWorkers = (catalog: Catalog, { roles }: Policy): boolean =>
  !roles || roles.some((role) => worksAs(catalog, role));

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

/** Row level security is none for the owner, unless it is forced. */
export const isExempt = (subject: Subject): boolean => subject.table?.forced !== true && isOwners(subject);

/** Whoever row level security is for goes on reading and writing, as far as the policies' kinds tell. */
export function isAdmitted(subject: Subject): boolean {
  const policies = [...(subject.table?.policies ?? []), ...coming(subject)];
  return (
    admitted(subject.catalog, policies).length === COMMANDS.length &&
    !policies.some((policy) => hides(subject.catalog, policy))
  );
}

/** What a policy lets the roles at work do, no other one lets them do with every row, and none that comes with any. */
function isNeeded(subject: Subject, policy: Policy): boolean {
  const { catalog, table } = subject;
  if (policy.restrictive || !isForWorkers(catalog, policy)) return false;
  const others = (table?.policies ?? []).filter(({ name, open }) => open && name !== policy.name);
  const left = admitted(catalog, [...others, ...coming(subject)]);
  return admitted(catalog, [policy]).some((command) => !left.includes(command));
}

/** Row level security is on, and without the policy the roles at work may not do all that they could do. */
export function isMissed(subject: Subject): boolean {
  const { table, name } = subject;
  const gone = table?.policies?.find((policy) => policy.name === name);
  return table?.secured === true && gone !== undefined && isNeeded(subject, gone);
}

/** ALTER POLICY gives it another condition than true, or other roles than those at work. */
function narrows(subject: Subject<AlterPolicyStmt>): boolean {
  const { node, table, catalog } = subject;
  const before = table?.policies?.find(({ name }) => name === node.policy_name);
  if (!before) return false;
  const { open, roles } = policyOf({ ...node, permissive: true });
  const tightens = (node.qual !== undefined || node.with_check !== undefined) && open !== true;
  if (before.restrictive) return tightens && isForWorkers(catalog, before);
  const after = { ...before, roles };
  // where nobody has looked who is at work, whoever it was for
  const stays = catalog.working
    ? isForWorkers(catalog, after)
    : !roles || before.roles?.every((role) => roles.includes(role)) === true;
  const leaves = node.roles !== undefined && !stays;
  return (tightens || leaves) && isNeeded(subject, before);
}

/** A policy that is new or changed takes rows away from the roles at work. */
export const hidesRows = (subject: Subject): boolean =>
  subject.table?.secured === true &&
  (subject.form === 'AlterPolicyStmt'
    ? narrows(subject as Subject<AlterPolicyStmt>)
    : hides(subject.catalog, policyOf(subject.node as CreatePolicyStmt)));
