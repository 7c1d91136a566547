import type { AlterTableCmd } from 'libpg-query';
import { asConstraint, texts } from '../../syntax';
import { readForKey } from '../partitions';
import { bare, own, rule } from '../rule';
import { sqlName } from '../wording';

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
    const primary = contype === 'CONSTR_PRIMARY';
    const name = conname ?? [bare(relation), ...(primary ? ['pkey'] : [...texts(keys), 'key'])].join('_');
    return [
      `CREATE UNIQUE INDEX CONCURRENTLY ${sqlName(name)} ON ${sqlName(relation)} (${texts(keys).join(', ')})`,
      `ALTER TABLE ${sqlName(relation)} ADD CONSTRAINT ${sqlName(name)} ${primary ? 'PRIMARY KEY' : 'UNIQUE'} USING INDEX ${sqlName(name)}`,
    ].join('; in the next migration: ');
  },
  unsafe: { sql: 'ALTER TABLE items ADD CONSTRAINT items_label_key UNIQUE (label)' },
  safe: {
    sql: 'CREATE UNIQUE INDEX CONCURRENTLY items_label_key ON items (label); ALTER TABLE items ADD CONSTRAINT items_label_key UNIQUE USING INDEX items_label_key',
  },
});
