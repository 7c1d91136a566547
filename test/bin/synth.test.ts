import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const outdir = mkdtempSync(join(tmpdir(), 'greenlight-synth-'));
afterAll(() => rmSync(outdir, { recursive: true }));

/** What the program prints; it says when it synthesises. */
function synth(environment: Record<string, string> = {}): string {
  const { status, stderr } = spawnSync(process.execPath, ['bin/synth.js'], {
    cwd: join(__dirname, '../..'),
    env: { ...process.env, CDK_OUTDIR: outdir, ...environment },
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  return stderr;
}
const template = () => readFileSync(join(outdir, 'Shop.template.json'), 'utf8');

test('an assembly is written once for each state of its sources and its environment', () => {
  expect(synth()).toMatch(/synthesising/);
  const first = template();
  writeFileSync(join(outdir, 'Shop.template.json'), 'untouched');
  expect(synth()).toBe('');
  expect(template()).toBe('untouched');

  expect(synth({ CDK_DEFAULT_REGION: 'eu-north-1' })).toMatch(/synthesising/);
  expect(template()).toBe(first);

  const record = join(outdir, 'made-from.json');
  const made = JSON.parse(readFileSync(record, 'utf8'));
  expect(Object.keys(made.inputs)).toEqual(
    expect.arrayContaining([
      'greenlight.json',
      'lib/workflow/workflow.ts',
      'lambdas/shift/shift-traffic.ts',
      'src/runtime/handler.ts',
      'lib/held/hold-rule.handler.ts',
      'statemachines/deployment.asl.json',
    ]),
  );
  made.inputs['lambdas/shift/shift-traffic.ts'] = 'an older state';
  writeFileSync(record, JSON.stringify(made));
  expect(synth({ CDK_DEFAULT_REGION: 'eu-north-1' })).toMatch(/synthesising/);
});
