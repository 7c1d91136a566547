import type { AlterTableCmd } from 'libpg-query';
import { always, own, rule } from '../rule';

export const switchTrigger = rule<AlterTableCmd>({
  id: 'switch-trigger',
  on: [
    'AT_EnableTrig',
    'AT_EnableAlwaysTrig',
    'AT_EnableReplicaTrig',
    'AT_DisableTrig',
    'AT_EnableTrigAll',
    'AT_DisableTrigAll',
    'AT_EnableTrigUser',
    'AT_DisableTrigUser',
  ],
  condition: 'ENABLE or DISABLE TRIGGER',
  matches: always,
  effect: { locks: own('SHARE ROW EXCLUSIVE'), breaks: 'conditional' },
  says: ({ relation }) => `switching triggers of ${relation}`,
  because: () => 'its writes run without the trigger, or with it',
  safe: { sql: 'ALTER TABLE items DISABLE TRIGGER items_touch' },
});
