import { checkPassword, checkRetention } from '../../../../local/services/rds/rules';
import { modifiedSettings, restoredSettings } from '../../../../local/services/rds/settings';
import { checkStorage, grownStorage, shownStorage } from '../../../../local/services/rds/storage';

const gp3 = (allocatedStorage: number, more = {}) => ({ allocatedStorage, storageType: 'gp3', ...more });
const refusal = (name: string, message: string) =>
  expect.objectContaining({ name, message: expect.stringContaining(message) });
const NOT_BELOW_400 = refusal('InvalidParameterCombination', 'a storage size less than 400');

describe('a gp3 volume', () => {
  it('shows figures of its own where none are named', () => {
    expect(shownStorage(gp3(399))).toMatchObject({ Iops: 3_000, StorageThroughput: 125 });
    expect(shownStorage(gp3(400))).toMatchObject({ Iops: 12_000, StorageThroughput: 500 });
    expect(shownStorage(gp3(400, { iops: 15_000 }))).toMatchObject({ Iops: 15_000, StorageThroughput: 500 });
  });

  it.each([{ iops: 3_000 }, { storageThroughput: 125 }])(
    'below 400 GiB is refused with %j, although it shows it',
    (named) => {
      expect(() => checkStorage(gp3(399, named))).toThrow(NOT_BELOW_400);
      expect(() => checkStorage(gp3(400, named))).not.toThrow();
    },
  );

  it('is refused so wherever it comes from: restored, modified, changed in type', () => {
    const input = { DBInstanceIdentifier: 'a', ApplyImmediately: true };
    const source = restoredSettings(
      { DBInstanceIdentifier: 'a', AllocatedStorage: 100, StorageType: 'gp2' },
      { backupRetentionDays: 1 } as never,
      18,
    );
    expect(() =>
      restoredSettings({ DBInstanceIdentifier: 'b', StorageType: 'gp3', Iops: 3_000 }, source, 18),
    ).toThrow(NOT_BELOW_400);
    expect(() => modifiedSettings({ ...input, StorageType: 'gp3', StorageThroughput: 125 }, source)).toThrow(
      NOT_BELOW_400,
    );
    const io1 = modifiedSettings({ ...input, StorageType: 'io1', Iops: 1_000 }, source);
    expect(modifiedSettings({ ...input, StorageType: 'gp3' }, io1)).toMatchObject({
      storageType: 'gp3',
      iops: undefined,
    });
  });
});

it.each([
  [
    'an unknown type',
    { allocatedStorage: 20, storageType: 'gp9' },
    'InvalidParameterValue',
    'Invalid storage type: gp9',
  ],
  [
    'too small a size',
    gp3(19),
    'InvalidParameterValue',
    'Invalid storage size for engine name postgres and storage type gp3: 19',
  ],
  [
    'io1 without figures',
    { allocatedStorage: 100, storageType: 'io1' },
    'InvalidParameterCombination',
    'You must specify IOPS',
  ],
  [
    'gp2 with figures',
    { allocatedStorage: 100, storageType: 'gp2', iops: 3_000 },
    'InvalidParameterCombination',
    "can't specify IOPS",
  ],
])('a volume is refused with %s', (_, storage, name, message) => {
  expect(() => checkStorage(storage)).toThrow(refusal(name, message));
});

it('a volume never shrinks, and grows by a tenth at least', () => {
  expect([grownStorage(100, 100), grownStorage(100, 105), grownStorage(100, 200)]).toEqual([100, 110, 200]);
  expect(() => grownStorage(100, 99)).toThrow(refusal('InvalidParameterCombination', 'cannot be less than'));
});

it('backups are kept for 35 days at most', () => {
  expect(() => checkRetention(35)).not.toThrow();
  for (const days of [-1, 36, 1.5]) expect(() => checkRetention(days)).toThrow('Must be in the range 0 - 35');
});

it.each(['short', 'x'.repeat(129), 'with space', 'at@sign', 'slash/ed', 'quo"ted', 'umläut-word'])(
  'the password %j is refused',
  (password) => {
    expect(() => checkPassword(password)).toThrow(
      refusal('InvalidParameterValue', 'is not a valid password'),
    );
  },
);
