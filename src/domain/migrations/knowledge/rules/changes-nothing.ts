import { noLocks, own, rule } from '../rule';

export const changesNothing = rule({
  id: 'changes-nothing',
  on: ['Idle', 'Idle:IndexStmt', 'Nothing', 'AT_ValidateConstraint'],
  condition: 'IF EXISTS of what is not there, IF NOT EXISTS of what is, VALIDATE of what is valid',
  matches: ({ form, table, name }) =>
    form !== 'AT_ValidateConstraint' ||
    table?.constraints.some((known) => known.name === name && known.validated && known.enforced !== false) ===
      true,
  effect: {
    locks: (s) => {
      if (s.form === 'Nothing') return noLocks();
      if (s.form === 'Idle:IndexStmt') return own('SHARE')(s);
      return own(s.form === 'Idle' ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE')({
        ...s,
        alone: undefined,
      });
    },
  },
  says: ({ relation, name }) => `finding nothing to do for ${name || 'it'} on ${relation}`,
  safe: { sql: 'ALTER TABLE items DROP COLUMN IF EXISTS never_there' },
});
