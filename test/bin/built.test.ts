import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { built } from '../../bin/built';

const root = mkdtempSync(join(tmpdir(), 'greenlight-built-'));
const source = join(root, 'source.txt');
afterAll(() => rmSync(root, { recursive: true }));

let made = 0;
const make = (folder: string) => {
  made++;
  writeFileSync(join(folder, 'copy.txt'), readFileSync(source, 'utf8'));
  return ['source.txt', 'node_modules/left/out.js'];
};
const copy = () => readFileSync(join(built('thing', make, root), 'copy.txt'), 'utf8');

/** A file may be written twice within what a file system calls a moment, and what is just being written is not remembered. */
function write(text: string): void {
  writeFileSync(source, text);
  const written = Date.now() - 3_600_000 + made * 1000;
  utimesSync(source, new Date(written), new Date(written));
}

test('what is built is built once for each state of its sources', () => {
  write('first');
  expect([copy(), copy()]).toEqual(['first', 'first']);
  expect(made).toBe(1);
  write('other');
  expect([copy(), copy()]).toEqual(['other', 'other']);
  expect(made).toBe(2);
});

test('what is written while it is read is made again', () => {
  const before = made;
  write('halfway');
  const later = new Date(Date.now() + 60_000);
  utimesSync(source, later, later);
  copy();
  copy();
  expect(made).toBe(before + 2);
  write('whole');
});

test('newly installed packages make what is built old', () => {
  const before = made;
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), '{}');
  copy();
  expect(made).toBe(before + 1);
});

test('a build that fails leaves the one before, and nothing else', () => {
  const folders = () => readdirSync(join(root, 'build', 'thing')).sort();
  // made anew where the packages were written in the very moment of the last build
  const old = copy();
  const before = folders();
  write('never');
  expect(() =>
    built(
      'thing',
      () => {
        throw new Error('a mistake in the sources');
      },
      root,
    ),
  ).toThrow('a mistake');
  expect(folders()).toEqual(before);
  write(old);
});

test('a program that loads parts of the build before still finds them, until a day has passed', () => {
  write('today');
  const today = built('thing', make, root);
  write('tonight');
  const tonight = built('thing', make, root);
  expect(readFileSync(join(today, 'copy.txt'), 'utf8')).toBe('today');
  const longAgo = new Date(Date.now() - 2 * 86_400_000);
  for (const folder of [today, tonight]) utimesSync(folder, longAgo, longAgo);
  write('tomorrow');
  const tomorrow = built('thing', make, root);
  expect(
    readdirSync(join(root, 'build', 'thing'))
      .filter((name) => name !== 'latest.json')
      .map((name) => join(root, 'build', 'thing', name)),
  ).toContain(tomorrow);
  expect(readdirSync(join(root, 'build', 'thing'))).not.toContain(today.split('/').at(-1));
});
