import type { Node } from 'libpg-query';
import type { Statement } from './parse';
import { some, texts } from './syntax';
import { STEADY } from './volatility';

/** Statements that no session of the running version can notice, by the parser's name. */
const QUIET = new Set(
  `VariableSetStmt VariableShowStmt TransactionStmt ConstraintsSetStmt DiscardStmt CreateSchemaStmt CreateSeqStmt
  AlterSeqStmt CreateFunctionStmt AlterFunctionStmt CreateEnumStmt CreateDomainStmt CompositeTypeStmt CreateRangeStmt
  DefineStmt CreateExtensionStmt AlterExtensionStmt AlterExtensionContentsStmt CreateRoleStmt AlterRoleStmt
  AlterRoleSetStmt AlterDatabaseSetStmt AlterDefaultPrivilegesStmt CreateCastStmt CreateEventTrigStmt
  AlterEventTrigStmt CreatedbStmt CreateConversionStmt CreateOpClassStmt CreateOpFamilyStmt CreateTransformStmt
  CreateAmStmt CreateFdwStmt CreateForeignServerStmt CreateForeignTableStmt CreateUserMappingStmt
  CreateSubscriptionStmt AlterPublicationStmt SecLabelStmt NotifyStmt ListenStmt UnlistenStmt CheckPointStmt
  ExplainStmt PrepareStmt DeallocateStmt CreatePLangStmt AlterOwnerStmt AlterStatsStmt AlterTSDictionaryStmt
  AlterTSConfigurationStmt AlterCollationStmt AlterSystemStmt LoadStmt AlterTableStmt:OBJECT_INDEX
  AlterTableStmt:OBJECT_SEQUENCE RenameStmt:OBJECT_FUNCTION RenameStmt:OBJECT_SEQUENCE RenameStmt:OBJECT_TYPE
  RenameStmt:OBJECT_TRIGGER RenameStmt:OBJECT_POLICY RenameStmt:OBJECT_ROLE DropRoleStmt DropStmt:OBJECT_CAST
  DropStmt:OBJECT_STATISTIC_EXT DropStmt:OBJECT_PUBLICATION DropStmt:OBJECT_EVENT_TRIGGER`.split(/\s+/),
);

/** PostgreSQL's own functions change sequences and settings at most. */
const ours = (name: string) =>
  STEADY.has(name) || /^(pg_|setval$|nextval$|currval$|set_config$|count$|max$|min$)/.test(name);

/** A SELECT for the sake of a function of the user's, which may do anything. */
const callsSomething = (node: object): boolean =>
  !('fromClause' in node) &&
  some(node, (tag, found) => tag === 'FuncCall' && !ours(texts(found.funcname as Node[]).at(-1) ?? ''));

/** Why it cannot be known what a statement of no known rule does; undefined when it does nothing to anybody. */
export function hiddenEffect(form: string, { tag, node }: Statement): string | undefined {
  if (tag === 'CallStmt' || (tag === 'SelectStmt' && callsSomething(node)))
    return 'what this function does cannot be seen';
  if (tag === 'SelectStmt' || QUIET.has(form)) return undefined;
  return tag === 'ExecuteStmt'
    ? 'what a prepared statement does cannot be seen'
    : `nothing is known about ${form}`;
}
