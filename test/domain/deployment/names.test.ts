import * as fc from 'fast-check';
import {
  applicationName,
  contractSnapshotName,
  snapshotName,
  startedBy,
  testMark,
} from '../../../src/domain/deployment/names';

/** Names that Step Functions takes for an execution: up to 80 characters without blanks, brackets and some others. */
const id = fc.string({
  unit: fc.constantFrom(..."abcXYZ019-_.'()!@+=~ü"),
  minLength: 1,
  maxLength: 80,
});

it('leaves what is allowed as it is', () => {
  expect(snapshotName('release-7', 'shop')).toBe('greenlight-release-7-of-shop');
  expect(contractSnapshotName('release-7', 'shop')).toBe('greenlight-release-7-contract-of-shop');
  expect(startedBy('migrate', 'Release_7')).toBe('greenlight/migrate/Release_7');
  expect(testMark(0, 'release-7')).toBe('greenlight/smoke-0/release-7');
  expect(applicationName('release-7')).toBe('greenlight-release-7');
});

/** Of as many characters as an identifier of RDS may have. */
const longest = 'i'.repeat(63);

it('makes names of any deployment that RDS, ECS and PostgreSQL take', () => {
  fc.assert(
    fc.property(id, (name) => {
      for (const snapshot of [snapshotName(name, longest), contractSnapshotName(name, longest)]) {
        expect(snapshot).toMatch(/^[a-z]([a-z0-9]|-(?!-|$))*$/);
        expect(snapshot.length).toBeLessThanOrEqual(255);
      }
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
  expect(snapshotName(one, 'shop')).not.toBe(snapshotName(other, 'shop'));
  expect(startedBy('migrate', one)).not.toBe(startedBy('migrate', other));
  expect(applicationName(one)).not.toBe(applicationName(other));
});
