import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cloneOf, commitOf, workingCopy } from '../../bench/frame/build';
import { earlierBuild } from '../../bench/frame/earlier';
import { removeScratch } from '../../bench/frame/scratch';

let project: string;
const git = (...args: string[]) => execFileSync('git', ['-C', project, ...args], { encoding: 'utf8' }).trim();
const commit = (message: string) =>
  git('-c', 'user.name=a', '-c', 'user.email=a@localhost', 'commit', '--quiet', '-m', message);
const write = (name: string, text: string) => writeFileSync(join(project, name), text);

beforeEach(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), 'greenlight-bench-test-')));
  git('init', '--quiet');
  write('.gitignore', 'node_modules\nbuild\n');
  write('program.js', 'first');
  git('add', '.');
  commit('first');
  mkdirSync(join(project, 'node_modules'));
  write('node_modules/package', 'installed');
});
afterEach(() => rmSync(project, { recursive: true }));
afterAll(removeScratch);

const read = (root: string, name: string) => readFileSync(join(root, name), 'utf8');

describe('a working copy', () => {
  it('has the files as they are, also those that nobody has committed or added, and what is installed', () => {
    write('program.js', 'changed');
    write('new.js', 'new');
    write('build', 'made');
    const before = git('status', '--porcelain');
    const { root, commit } = workingCopy('now', project);
    expect([read(root, 'program.js'), read(root, 'new.js')]).toEqual(['changed', 'new']);
    expect(read(root, 'node_modules/package')).toBe('installed');
    expect(() => read(root, 'build')).toThrow();
    expect(commit).toBe(`${git('rev-parse', '--short', 'HEAD')} with changes`);
    expect(git('status', '--porcelain')).toBe(before);
  });

  it('is a repository that can be cloned as it is', () => {
    write('program.js', 'changed');
    expect(read(cloneOf(workingCopy('now', project).root), 'program.js')).toBe('changed');
  });

  it('names the commit alone where nothing differs from it', () =>
    expect(workingCopy('now', project).commit).toBe(git('rev-parse', '--short', 'HEAD')));
});

describe('the earlier build', () => {
  it('is any commit, whether or not a branch leads to it', () => {
    const first = git('rev-parse', 'HEAD');
    write('program.js', 'second');
    git('add', '.');
    commit('second');
    expect(read(cloneOf(project, first), 'program.js')).toBe('first');
    expect(commitOf(project, first.slice(0, 10))).toBe(first);
  });

  it('is refused with a remedy where the clone lacks the commit', () =>
    expect(earlierBuild(project, { revision: 'abcdef1' })).rejects.toThrow(
      'this clone has no commit abcdef1; git fetch --unshallow brings it, --earlier names another',
    ));

  it('is refused with a remedy where nothing is installed', () =>
    expect(earlierBuild(project, { revision: 'HEAD', at: join(project, 'nowhere') })).rejects.toThrow(
      /holds no installed build; run npm ci there/,
    ));
});
