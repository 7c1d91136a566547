import type { AlterTableCmd } from 'libpg-query';
import { own, rule, type Subject } from '../rule';

export const isOfNoType = ({ form, table }: Subject): boolean =>
  form === 'AT_DropOf' && table !== undefined && table.of === undefined;

export const notOfUntyped = rule<AlterTableCmd>({
  id: 'not-of-untyped',
  on: ['AT_DropOf'],
  condition: 'NOT OF of a table that is of no type',
  matches: isOfNoType,
  effect: { locks: own('ACCESS EXCLUSIVE'), fails: true },
  says: ({ relation }) => `taking a type away from ${relation}, which is of none,`,
  remedy: () => ['Leave it out.'],
  unsafe: { sql: 'ALTER TABLE items NOT OF' },
  safe: { sql: 'ALTER TABLE items REPLICA IDENTITY FULL' },
});
