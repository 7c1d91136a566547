import type { RenameStmt } from 'libpg-query';
import { movesOwned } from '../numbers';
import { rule } from '../rule';
import { isNamedInStatements } from '../users';
import { renameObject } from './rename-object';

export const renameObjectUnnamed = rule<RenameStmt>({
  id: 'rename-object-unnamed',
  on: renameObject.on,
  condition:
    'RENAME or SET SCHEMA of what statements seldom name: a domain, the sequence of a column, a type of no column',
  matches: (s) => !isNamedInStatements(s) && !movesOwned(s),
  effect: { ...renameObject.effect, breaks: 'conditional' },
  says: renameObject.says,
  because: ({ name }) => `statements that name ${name} fail`,
  safe: { sql: 'ALTER SEQUENCE parcels_id_seq RENAME TO parcel_numbers' },
});
