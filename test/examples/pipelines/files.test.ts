import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { gitlabProblems } from './gitlab';
import { githubRunner } from './runner';

const folder = join(__dirname, '..', '..', '..', 'examples', 'pipelines');
const [github, gitlab] = ['github.yml', 'gitlab.yml'].map((name) => join(folder, name)) as [string, string];

let scratch: string;
let problems: (file: string) => string[];
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'greenlight-pipelines-'));
  problems = githubRunner(scratch).problems;
});
afterAll(() => rmSync(scratch, { recursive: true }));

it("is a workflow in the eyes of GitHub's own parser, which finds a member that is none", () => {
  expect(problems(github)).toEqual([]);
  const wrong = join(scratch, 'wrong.yml');
  writeFileSync(wrong, readFileSync(github, 'utf8').replace('runs-on', 'runs_on'));
  expect(problems(wrong)).toContainEqual(expect.stringContaining("Unexpected value 'runs_on'"));
});

it("is a pipeline by GitLab's own schema, which finds a member that is none", () => {
  const text = readFileSync(gitlab, 'utf8');
  expect(gitlabProblems(text)).toEqual([]);
  expect(gitlabProblems(text.replace('resource_group', 'resource_grup'))).toContainEqual(
    expect.stringContaining('must NOT have additional properties'),
  );
});

// what somebody writes into a branch's name or a commit's message would be run as a command
it('puts nothing of a request into a script of GitHub but by its environment', () => {
  const { jobs } = parse(readFileSync(github, 'utf8')) as {
    jobs: Record<string, { steps: { run?: string }[] }>;
  };
  const scripts = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run = [] }) => run));
  expect(scripts.length).toBeGreaterThan(4);
  expect(scripts.filter((one) => one.includes('${{'))).toEqual([]);
});

it('has a script that bash can read, and that says how it is called', () => {
  const script = join(folder, 'release.sh');
  execFileSync('bash', ['-n', script]);
  expect(() => execFileSync('bash', [script], { stdio: 'pipe' })).toThrow(
    /usage: release\.sh SERVICE MIGRATIONS REASON/,
  );
});
