import * as fc from 'fast-check';
import {
  applicationName,
  contractSnapshotName,
  isSnapshotName,
  memberName,
  memberNames,
  restoredName,
  restoredNames,
  snapshotName,
  snapshotNames,
  startedBy,
  testMark,
} from '../../../src/domain/deployment/names';

/** Names that Step Functions takes for an execution: up to 80 characters without blanks, brackets and some others. */
const id = fc.string({
  unit: fc.constantFrom(..."abcXYZ019-_.'()!@+=~ü"),
  minLength: 1,
  maxLength: 80,
});

const instance = { kind: 'instance', name: 'shop' } as const;
const cluster = { kind: 'cluster', name: 'shop' } as const;

it('leaves what is allowed as it is', () => {
  expect(snapshotName('release-7', instance)).toBe('greenlight-release-7-of-shop');
  expect(contractSnapshotName('release-7', instance)).toBe('greenlight-release-7-contract-of-shop');
  expect(startedBy('migrate', 'Release_7')).toBe('greenlight/migrate/Release_7');
  expect(testMark(0, 'release-7')).toBe('greenlight/smoke-0/release-7');
  expect(applicationName('release-7')).toBe('greenlight-release-7');
});

/** Of as many characters as an identifier of RDS may have, and as the settings take of a cluster. */
const longest = { kind: 'instance', name: 'i'.repeat(63) } as const;
const longestCluster = { kind: 'cluster', name: 'c'.repeat(51) } as const;

it('makes names of any deployment that RDS, ECS and PostgreSQL take', () => {
  fc.assert(
    fc.property(id, (name) => {
      for (const snapshot of [snapshotName(name, longest), contractSnapshotName(name, longest)]) {
        expect(snapshot).toMatch(/^[a-z]([a-z0-9]|-(?!-|$))*$/);
        expect(snapshot.length).toBeLessThanOrEqual(255);
      }
      const { name: template } = longestCluster;
      const ofCluster = [snapshotName(name, longestCluster), contractSnapshotName(name, longestCluster)];
      for (const one of [...ofCluster, memberName(restoredName(template, name), 15)]) {
        expect(one).toMatch(/^[a-z]([a-z0-9]|-(?!-|$))*$/);
        expect(one.length).toBeLessThanOrEqual(63);
      }
      expect(ofCluster[0]).not.toBe(ofCluster[1]);
      expect(startedBy('contract', name)).toMatch(/^[a-zA-Z0-9/_-]{1,128}$/);
      expect(Buffer.byteLength(applicationName(name))).toBeLessThanOrEqual(63);
    }),
    { seed: 1, numRuns: 500 },
  );
});

it.each([
  ['a.b', 'a-b'],
  ['Release', 'release'],
  ["it's-(odd)!", 'its-odd'],
  ['a--b', 'a-b'],
  [`${'x'.repeat(79)}1`, `${'x'.repeat(79)}2`],
])('keeps %s and %s apart', (one, other) => {
  expect(snapshotName(one, instance)).not.toBe(snapshotName(other, instance));
  expect(snapshotName(one, cluster)).not.toBe(snapshotName(other, cluster));
  expect(startedBy('migrate', one)).not.toBe(startedBy('migrate', other));
  expect(applicationName(one)).not.toBe(applicationName(other));
});

/** Whether IAM takes a name for one of a pattern. */
const fits = (pattern: string, name: string) =>
  new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(name);

it.each([instance, cluster])('knows the snapshots of a database of kind $kind, and no others', (database) => {
  const other = { ...database, name: 'web-shop' };
  for (const name of [snapshotName('release-7', database), contractSnapshotName('release-7', database)]) {
    expect([fits(snapshotNames(database), name), isSnapshotName(name, database)]).toEqual([true, true]);
    expect([fits(snapshotNames(other), name), isSnapshotName(name, other)]).toEqual([false, false]);
  }
  const theirs = snapshotName('release-7', other);
  expect([fits(snapshotNames(database), theirs), isSnapshotName(theirs, database)]).toEqual([false, false]);
});

it('knows what a restore makes of a cluster', () => {
  const restored = restoredName('shop', 'release-7');
  expect(fits(restoredNames('shop'), restored)).toBe(true);
  expect(fits(memberNames('shop'), memberName(restored, 0))).toBe(true);
  expect(fits(memberNames('shop'), memberName(restored, 15))).toBe(true);
  expect(memberName('shop-0123abcd', 0)).toBe('shop-0123abcd-01');
});
