import { losesRightsOfOwner } from '../owners';
import { meant, noLocks, on, rule } from '../rule';

export const changeOwner = rule({
  id: 'change-owner',
  on: [
    'AT_ChangeOwner',
    'AlterTableStmt:OBJECT_VIEW',
    'AlterTableStmt:OBJECT_SEQUENCE',
    'AlterOwnerStmt',
    'ReassignOwnedStmt',
  ],
  condition:
    'another owner of what the version that runs uses as its owner, of a view whose new owner may not read what it reads, or of a table that a view then cannot read',
  matches: losesRightsOfOwner,
  effect: {
    locks: (s) =>
      s.form === 'AlterOwnerStmt' || s.form === 'ReassignOwnedStmt'
        ? noLocks()
        : on('ACCESS EXCLUSIVE', [meant(s)]),
    breaks: 'yes',
  },
  says: ({ relation }) => `giving ${relation || 'what a role owns'} to another owner`,
  because: () => 'what it does with the rights of the owner is refused',
  remedy: () => [
    'Grant the roles of the live version, and the owners of views, what they need first.',
    'GRANT SELECT, INSERT, UPDATE, DELETE ON <…> TO <…>;',
  ],
  unsafe: { sql: 'ALTER VIEW customer_names OWNER TO keeper' },
  safe: { sql: 'ALTER TABLE items OWNER TO app' },
});
