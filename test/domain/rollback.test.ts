import { chooseRollback, schemaProblem } from '../../src/domain/rollback';

const before = { fingerprint: 'f0', applied: ['1', '2'] };
const facts = { started: true, migrated: false, before, now: before, liveBackends: 0, canRevert: true };

it('keeps everything when no migrations were asked for', () => {
  expect(chooseRollback({ ...facts, before: undefined })).toMatchObject({
    action: 'keep',
    outcome: 'RolledBack',
  });
});

it('rejects a deployment whose migration was never started', () => {
  expect(chooseRollback({ ...facts, started: false })).toMatchObject({
    action: 'keep',
    outcome: 'DeploymentRejected',
  });
});

it('rolls back without touching the schema when the migration left nothing', () => {
  expect(chooseRollback(facts)).toMatchObject({ action: 'keep', outcome: 'RolledBack' });
});

it('keeps an expanded schema: the previous version works on it', () => {
  const now = { fingerprint: 'f1', applied: ['1', '2', '3'] };
  expect(chooseRollback({ ...facts, migrated: true, now })).toMatchObject({
    action: 'keep',
    outcome: 'RolledBack',
  });
});

it('reverts a half-applied run down to the newest migration of before', () => {
  const now = { fingerprint: 'f1', applied: ['1', '2', '3'] };
  expect(chooseRollback({ ...facts, now })).toMatchObject({
    action: 'revert',
    keepNewest: '2',
    applied: ['3'],
  });
});

it('reverts to nothing on a database that had no migrations', () => {
  const none = { fingerprint: 'f0', applied: [] };
  const now = { fingerprint: 'f1', applied: ['1'] };
  expect(chooseRollback({ ...facts, before: none, now })).toMatchObject({
    action: 'revert',
    keepNewest: '0',
  });
});

it('calls the operator for a half-applied run that cannot be reverted', () => {
  const now = { fingerprint: 'f1', applied: ['1', '2', '3'] };
  expect(chooseRollback({ ...facts, now, canRevert: false })).toMatchObject({ action: 'operator' });
});

it('calls the operator when the schema changed without a record, or cannot be read', () => {
  expect(chooseRollback({ ...facts, now: { ...before, fingerprint: 'f1' } })).toMatchObject({
    action: 'operator',
  });
  expect(chooseRollback({ ...facts, now: undefined })).toMatchObject({ action: 'operator' });
});

it('waits while the server still works for the dead migration', () => {
  expect(chooseRollback({ ...facts, liveBackends: 1 })).toMatchObject({ action: 'wait' });
});

it('finds each way in which a schema is not what a rollback promises', () => {
  const more = { fingerprint: 'f1', applied: ['1', '2', '3'] };
  expect(schemaProblem(before, before, false)).toBeUndefined();
  expect(schemaProblem(before, more, true)).toBeUndefined();
  expect(schemaProblem(before, more, false)).toBe('migrations 3 are still applied');
  expect(schemaProblem(before, { fingerprint: 'f0', applied: ['1'] }, true)).toBe(
    'migrations 2 are no longer in the history table',
  );
  expect(schemaProblem(before, { ...before, fingerprint: 'f1' }, false)).toBe(
    'the schema differs from what it was before the deployment',
  );
});
