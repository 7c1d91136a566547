import { onlyTells } from '../../hidden-effects';
import { copiesOut, readByQuery } from '../copies';
import { numbersOf } from '../numbers';
import { noLocks, rule } from '../rule';
import { replacesRoutine } from '../users';
import { isUnwritten } from './change-cast';

const MAKES_ROUTINE = /^(?:CreateFunction|Define)Stmt$/;

export const noEffect = rule<object>({
  id: 'no-effect',
  on: `VariableSetStmt VariableShowStmt TransactionStmt ConstraintsSetStmt DiscardStmt CreateSchemaStmt CreateSeqStmt
  CreateFunctionStmt CreateEnumStmt CreateDomainStmt CompositeTypeStmt CreateRangeStmt DefineStmt CreateExtensionStmt
  CreateRoleStmt AlterDefaultPrivilegesStmt CreateCastStmt CreatedbStmt CreateConversionStmt CreateOpClassStmt
  CreateOpFamilyStmt CreateTransformStmt CreateAmStmt CreateFdwStmt CreateForeignServerStmt CreateForeignTableStmt
  CreateUserMappingStmt NotifyStmt ListenStmt UnlistenStmt CheckPointStmt PrepareStmt DeallocateStmt
  CreatePLangStmt AlterStatsStmt LoadStmt SelectStmt CopyStmt
  DropStmt:OBJECT_STATISTIC_EXT`.split(/\s+/),
  condition: 'what makes something that no version at work knows, or is about the session alone',
  matches: (s) => {
    if (s.form === 'CopyStmt') return copiesOut(s.node);
    if (s.form === 'CreateCastStmt') return !isUnwritten(s);
    if (s.form === 'SelectStmt') return onlyTells(s.node) && numbersOf(s) === '';
    return !MAKES_ROUTINE.test(s.form) || !replacesRoutine(s);
  },
  effect: {
    locks: noLocks,
    reads: (s) => (s.form === 'SelectStmt' || s.form === 'CopyStmt' ? readByQuery(s) : []),
    slow: true,
  },
  says: () => 'running this statement',
  safe: { sql: 'CREATE SEQUENCE coupons' },
});
