import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { scratchParent } from '../local/processes/scratch';
import { scenariosOnly, together } from './suites';

/**
 * `npm test`: types and lint, the synthesised template, then the suites. The last line counts them all, so
 * that a failed check is a failed test. Arguments go to jest: `npm run scenarios` runs all of the scenarios.
 */
const root = join(__dirname, '..');
const bin = (name: string) => join(root, 'node_modules', '.bin', name);

async function ran(
  title: string,
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv = {},
): Promise<boolean> {
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  const { code, error } = await once(child, 'close').then(
    ([code]) => ({ code, error: '' }),
    (error: Error) => ({ code: null, error: `: ${error.message}` }),
  );
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${title}${error}`);
  return code === 0;
}

const asked = process.argv.slice(2);
/** A suite of a group is played in the file of its group. */
const grouped = Object.values(together)
  .flat()
  .map((suite) => `scenarios/${suite}`);
const isNamed = asked.some((one) => !one.startsWith('-'));
const elsewhere = [...grouped, ...(isNamed ? [] : scenariosOnly)];
const suites = [
  ...asked,
  '--testPathIgnorePatterns',
  '/node_modules/',
  `test/(${elsewhere.join('|')})\\.test\\.ts$`,
];

async function main(): Promise<void> {
  const checks = await Promise.all([
    ran('types', bin('tsc'), ['--noEmit']),
    ran('types of the page', bin('tsc'), ['--noEmit', '-p', 'src/page']),
    ran('lint and format', bin('biome'), ['check', '.']),
    ran('synthesise the example without credentials', process.execPath, ['bin/synth.js'], {
      CDK_OUTDIR: join(root, 'cdk.out'),
      // the CDK's own rules for templates, which takes as long as the rest
      CDK_VALIDATION: 'true',
    }),
  ]);

  const scratch = mkdtempSync(join(scratchParent(), 'greenlight-tests-'));
  // PostgreSQL runs as another user where the suites run as root
  chmodSync(scratch, 0o711);
  const report = join(scratch, 'jest.json');
  // a Ctrl-C ends the suites; what they leave behind is removed below
  process.once('SIGINT', () => {});
  // a suite waits for its cloud a fifth of its time: three keep two cores busy, and more only wait for each other
  const args = ['--json', `--outputFile=${report}`, '--maxWorkers=3', ...suites];
  await ran('suites', bin('jest'), args, { TMPDIR: scratch });
  const jest = existsSync(report)
    ? (JSON.parse(readFileSync(report, 'utf8')) as {
        numPassedTests: number;
        numFailedTests: number;
        numFailedTestSuites: number;
        numRuntimeErrorTestSuites: number;
      })
    : { numPassedTests: 0, numFailedTests: 1, numFailedTestSuites: 0, numRuntimeErrorTestSuites: 0 };
  rmSync(scratch, { recursive: true, force: true });

  const passed = jest.numPassedTests + checks.filter(Boolean).length;
  // a suite that cannot even be loaded has no failed test of its own
  const failed = jest.numFailedTests + jest.numRuntimeErrorTestSuites + checks.filter((ok) => !ok).length;
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

main();
