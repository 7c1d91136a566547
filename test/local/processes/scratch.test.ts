import { fitsInMemory } from '../../../local/processes/scratch';

const GIB = 1024 ** 3;
const PLACE = 'udev /dev devtmpfs rw,nosuid 0 0\ntmpfs /dev/shm tmpfs rw,nosuid,nodev,size=16g 0 0\n';
const roomy = { told: false, mounts: PLACE, left: 16 * GIB, available: 16 * GIB };

test.each([
  ['there is plenty of it', roomy, true],
  ['somebody has said where temporary files go', { ...roomy, told: true }, false],
  ['the place is small, as in a container', { ...roomy, left: GIB / 16 }, false],
  ['memory is short', { ...roomy, available: 2 * GIB }, false],
  [
    'no program may be started there',
    { ...roomy, mounts: PLACE.replace('nosuid,nodev', 'nosuid,nodev,noexec') },
    false,
  ],
  [
    'nothing may be written there',
    { ...roomy, mounts: PLACE.replace('shm tmpfs rw', 'shm tmpfs ro') },
    false,
  ],
  ['it is no place in memory', { ...roomy, mounts: '/dev/sda1 /dev/shm ext4 rw 0 0\n' }, false],
])("a cloud's files are in memory or not: %s", (_when, machine, expected) => {
  expect(fitsInMemory(machine)).toBe(expected);
});
