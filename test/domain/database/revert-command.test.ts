import { revertCommand } from '../../../src/domain/database/migration-task';
import type { Migration } from '../../../src/domain/migrations/types';
import { migrationTools } from '../../../src/migrations';

const reverting = ['4', '3'].map(
  (id): Migration => ({ id, file: id, up: '', down: 'x', checksum: '', transactional: true, firstLine: 1 }),
);

it('appends the newest migration to keep to a command that has no place for it', () =>
  expect(revertCommand(['node', 'migrate.mjs', 'revert'], '2', ['4', '3'])).toEqual([
    'node',
    'migrate.mjs',
    'revert',
    '2',
  ]));

it.each([
  ['alembic', ['alembic', 'downgrade', '{keep}']],
  ['efcore', ['dotnet', 'ef', 'database', 'update', '{keep}']],
  ['flyway', ['flyway', 'undo', '-target={oldest}']],
  ['golang-migrate', ['migrate', 'down', '{count}']],
  ['liquibase', ['liquibase', 'rollback-count', '--count={count}']],
  ['node-pg-migrate', ['node-pg-migrate', 'down', '{count}']],
] as const)('makes the command of %s that its adapter knows', (name, command) =>
  expect({ commands: [revertCommand(command, '2', ['4', '3'])] }).toEqual(
    migrationTools[name].revert(reverting, '2'),
  ),
);
