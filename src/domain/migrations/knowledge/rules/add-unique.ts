import type { AlterTableCmd } from 'libpg-query';
import { made } from '../../names';
import { asConstraint, texts } from '../../syntax';
import { readForKey } from '../partitions';
import { bare, own, rule } from '../rule';
import { keyByIndex } from '../wording';

export const addUnique = rule<AlterTableCmd>({
  id: 'add-unique',
  on: ['AT_AddConstraint'],
  condition: 'ADD CONSTRAINT … UNIQUE or PRIMARY KEY without USING INDEX',
  matches: ({ node }) => {
    const { contype, indexname } = asConstraint(node.def) ?? {};
    return (contype === 'CONSTR_UNIQUE' || contype === 'CONSTR_PRIMARY') && !indexname;
  },
  effect: { locks: own('ACCESS EXCLUSIVE'), reads: readForKey, scan: true, breaks: 'conditional' },
  says: ({ relation }) => `building the index of a new unique or primary key on ${relation}`,
  because: () => 'it fails if it writes a value twice, or none',
  remedy: ({ node, relation }) => {
    const { conname, keys, contype } = asConstraint(node.def) ?? {};
    const columns = texts(keys);
    return contype === 'CONSTR_PRIMARY'
      ? keyByIndex(relation, conname ?? made(bare(relation), 'pkey'), 'PRIMARY KEY', columns)
      : keyByIndex(relation, conname ?? made(bare(relation), ...columns, 'key'), 'UNIQUE', columns);
  },
  unsafe: { sql: 'ALTER TABLE items ADD CONSTRAINT items_label_key UNIQUE (label)' },
  safe: {
    sql: 'CREATE UNIQUE INDEX CONCURRENTLY items_label_key ON items (label); ALTER TABLE items ADD CONSTRAINT items_label_key UNIQUE USING INDEX items_label_key',
  },
});
