// node bin/synth.js: writes the example's cloud assembly into CDK_OUTDIR (cdk.out), unless the one that is there was made
// from the same sources in the same environment.
const { spawnSync } = require('node:child_process');
const { readFileSync, rmSync, writeFileSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { inputsOf, ROOT, statesOf, unchanged } = require('./built.js');

const outdir = resolve(process.env.CDK_OUTDIR ?? join(ROOT, 'cdk.out'));
const RECORD = join(outdir, 'made-from.json');
/** What the app reads while it runs. */
const READ = ['greenlight.json', 'cdk.json', 'bin/synth.js'];

/** What else a synthesis depends on: context, account and region, and whether the template is validated. */
const environment = () =>
  JSON.stringify(
    Object.entries(process.env)
      .filter(([name]) => name.startsWith('CDK_') && name !== 'CDK_OUTDIR')
      .sort(),
  );

function isFresh() {
  try {
    const made = JSON.parse(readFileSync(RECORD, 'utf8'));
    return made.environment === environment() && unchanged(made.inputs);
  } catch {
    return false;
  }
}

if (!isFresh()) {
  const started = Date.now();
  console.error('synthesising the app ...');
  // an assembly that is being written is not fresh, whatever ends this program
  rmSync(RECORD, { force: true });
  const { status } = spawnSync(process.execPath, [join(__dirname, 'run.js'), join(__dirname, 'app.ts')], {
    cwd: ROOT,
    env: { ...process.env, CDK_OUTDIR: outdir },
    stdio: 'inherit',
  });
  if (status === 0) {
    const inputs = statesOf([...READ, ...inputsOf('programs/bin/app'), ...inputsOf('functions')], started);
    writeFileSync(RECORD, JSON.stringify({ environment: environment(), inputs }));
  }
  process.exitCode = status ?? 1;
}
