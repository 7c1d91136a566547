import type { AlterTableCmd } from 'libpg-query';
import { cascaded, isDoubledKey, keyOf, referringTo } from '../keys';
import { on, rule } from '../rule';

export const dropDoubledKey = rule<AlterTableCmd>({
  id: 'drop-doubled-key',
  on: ['AT_DropConstraint'],
  condition: 'DROP CONSTRAINT of a key beside which another one on the same columns stands or comes',
  matches: (s) => isDoubledKey(s) && (s.node.behavior === 'DROP_CASCADE' || referringTo(s).length === 0),
  effect: {
    locks: (s) => on('ACCESS EXCLUSIVE', [...keyOf(s), ...cascaded(s)]),
    breaks: 'conditional',
  },
  says: ({ name, relation }) => `dropping key ${name} of ${relation}`,
  because: ({ name }) =>
    `ON CONFLICT (…) finds the other key, but ON CONFLICT ON CONSTRAINT ${name} fails, and so does code that looks for the name in errors`,
  safe: { sql: 'ALTER TABLE nests DROP CONSTRAINT nests_pkey' },
});
