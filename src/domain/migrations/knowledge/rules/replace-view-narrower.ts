import type { ViewStmt } from 'libpg-query';
import { missingColumns } from '../following';
import { only, rule } from '../rule';

export const replaceViewNarrower = rule<ViewStmt>({
  id: 'replace-view-narrower',
  on: ['ViewStmt'],
  condition: 'CREATE OR REPLACE VIEW that leaves a column out, or gives it another name or place',
  matches: (s) => s.node.replace === true && missingColumns(s).length > 0,
  effect: { locks: only('ACCESS EXCLUSIVE'), fails: true },
  says: (s) => `replacing view ${s.relation} without ${missingColumns(s).join(', ')} in its place`,
  remedy: (s) => [
    `Keep its columns in their order and add new ones behind them, or drop ${s.relation} and create it again.`,
  ],
  unsafe: { sql: 'CREATE OR REPLACE VIEW customer_names AS SELECT id FROM customers' },
  safe: { sql: 'CREATE OR REPLACE VIEW customer_names AS SELECT id, name, email FROM customers' },
});
