import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type CoverageSummary, createCoverageMap, createCoverageSummary } from 'istanbul-lib-coverage';

/**
 * `npm run coverage [-- SUITE …] [--json]`: which lines and branches of the product the suites of `npm test` reach, the functions
 * that run in the local cloud's environments included, by V8's own counts through the source maps of what ran.
 */
const root = join(__dirname, '..');
const folder = join(root, 'build', 'coverage');
const raw = join(folder, 'raw');
const suites = join(folder, 'suites');
const functions = join(folder, 'functions');
/** Where the product is; the page's own scripts run in a browser alone. */
const PRODUCT = ['src', 'lambdas', 'lib'];
const BROWSER = 'src/page';

const asked = process.argv.slice(2);
const json = asked.includes('--json');
const only = asked.filter((one) => !one.startsWith('--'));

/** Runs a command that may fail: a suite that fails has reached lines, too. */
function run(command: string, args: string[], env: Record<string, string> = {}): number {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  if (error) throw error;
  return status ?? 1;
}

const bin = (name: string) => join(root, 'node_modules', '.bin', name);

const mapOf = (file: string) => createCoverageMap(JSON.parse(readFileSync(file, 'utf8')));

/** A file's folder, as deep as rooms of the product are. */
const roomOf = (file: string) => file.split('/').slice(0, -1).slice(0, 2).join('/');

interface Shares {
  lines: number;
  branches: number;
  files: number;
}
const sharesOf = (summary: CoverageSummary, files: number): Shares => ({
  lines: summary.lines.pct,
  branches: summary.branches.pct,
  files,
});

function main(): number {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(raw, { recursive: true });
  const failed = run(
    process.execPath,
    [
      ...['bin/run.js', 'test/run.ts', ...only],
      ...['--coverage', '--coverageProvider=v8', '--coverageReporters=json', `--coverageDirectory=${suites}`],
      ...PRODUCT.map((part) => `--collectCoverageFrom=${part}/**/*.{ts,js,mjs}`),
      `--collectCoverageFrom=!${BROWSER}/**`,
    ],
    { CDK_SOURCE_MAPS: 'true', NODE_V8_COVERAGE: raw },
  );
  const where = ['--temp-directory', raw, '--reports-dir', functions, '--reporter', 'json'];
  // what ran stands elsewhere than its sources, so that a selection by their names would leave out all of it
  run(bin('c8'), ['report', ...where, '--exclude-after-remap', '--allowExternal']);
  const all = mapOf(join(suites, 'coverage-final.json'));
  const own = new Set(all.files());
  const more = mapOf(join(functions, 'coverage-final.json'));
  more.filter((file) => own.has(file));
  all.merge(more);
  const rooms = new Map<string, { summary: CoverageSummary; files: number }>();
  const whole = createCoverageSummary();
  for (const file of all.files()) {
    const summary = all.fileCoverageFor(file).toSummary();
    const room = roomOf(file.slice(root.length + 1));
    const before = rooms.get(room) ?? { summary: createCoverageSummary(), files: 0 };
    before.summary.merge(summary);
    rooms.set(room, { summary: before.summary, files: before.files + 1 });
    whole.merge(summary);
  }
  const told: Record<string, Shares> = Object.fromEntries(
    [...rooms].sort().map(([room, { summary, files }]) => [room, sharesOf(summary, files)]),
  );
  const total = sharesOf(whole, all.files().length);
  if (json) console.log(JSON.stringify({ total, rooms: told }, null, 2));
  else {
    for (const [room, { lines, branches, files }] of Object.entries({ ...told, 'the product': total }))
      console.log(
        `${room.padEnd(24)} ${String(files).padStart(4)} files  ${lines.toFixed(1).padStart(5)} % of lines  ${branches.toFixed(1).padStart(5)} % of branches`,
      );
  }
  return failed;
}

process.exitCode = main();
