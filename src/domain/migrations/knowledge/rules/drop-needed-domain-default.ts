import type { AlterDomainStmt } from 'libpg-query';
import { isNull } from '../../syntax';
import { noLocks, rule, type Subject } from '../rule';

/** Columns of the domain that must have a value and get it from the domain alone. */
function needing({ node, catalog, relation }: Subject<AlterDomainStmt>): string[] {
  const goes = node.subtype === 'T' && (node.def === undefined || isNull(node.def));
  if (!goes || catalog.domains.get(relation)?.default === undefined) return [];
  return [...catalog.tables.values()].flatMap(({ name: table, columns, created }) =>
    columns
      .filter(
        ({ type, nullable, hasDefault }) => !created && type.name === relation && !nullable && !hasDefault,
      )
      .map(({ name }) => `${table}.${name}`),
  );
}

export const dropNeededDomainDefault = rule<AlterDomainStmt>({
  id: 'drop-needed-domain-default',
  on: ['AlterDomainStmt'],
  condition:
    'ALTER DOMAIN … DROP DEFAULT, or SET DEFAULT NULL, where columns of it are NOT NULL and have no default of their own',
  matches: (s) => needing(s).length > 0,
  effect: { locks: noLocks, breaks: 'yes' },
  says: ({ relation }) => `dropping the default of domain ${relation}`,
  because: (s) => `its inserts that leave ${needing(s).join(' and ')} out fail`,
  remedy: () => ['Drop it once no version that leaves these columns out runs, or is one to roll back to.'],
  unsafe: { sql: 'ALTER DOMAIN priority DROP DEFAULT' },
  safe: { sql: 'ALTER DOMAIN priority SET DEFAULT 2' },
});
