import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scaledClock } from '../../../../local/clock';
import { createLambda, type Lambda } from '../../../../local/services/lambda';
import { createStates } from '../../../../local/services/states';

let folder: string;
let lambda: Lambda | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'greenlight-ahead-test-'));
});
afterEach(async () => {
  await lambda?.close?.();
  rmSync(folder, { recursive: true });
});

const loaded = (name: string) => existsSync(join(folder, `${name}.loaded`));
const until = async (what: () => boolean) => {
  while (!what()) await new Promise((resolve) => setTimeout(resolve, 10));
};

/** A function that leaves a file when it is loaded. */
async function define(cloud: Lambda, name: string, body = '') {
  const mark = JSON.stringify(join(folder, `${name}.loaded`));
  writeFileSync(
    join(folder, `${name}.js`),
    `require('fs').appendFileSync(${mark}, 'x'); exports.handler = async () => { ${body} };`,
  );
  const made = await cloud.resources!['AWS::Lambda::Function']!(
    { Runtime: 'nodejs22.x', Handler: `${name}.handler`, Role: 'arn:role', Timeout: 30 },
    { logicalId: name, name, metadata: { 'aws:asset:path': '.' } },
  );
  return made.attributes!.Arn as string;
}

/** Runs First, which ends when the file `go` is there, and says whether Second was loaded before that. */
async function run(startAhead: boolean): Promise<{ before: boolean; loads: number }> {
  const clock = scaledClock();
  const cloud = createLambda({
    ...{ clock, assembly: folder, startAhead },
    logs: { write: () => {} },
    environment: () => ({}),
  });
  lambda = cloud;
  const go = JSON.stringify(join(folder, 'go'));
  const First = await define(
    cloud,
    'First',
    `while (!require('fs').existsSync(${go})) await new Promise((r) => setTimeout(r, 10));`,
  );
  const Second = await define(cloud, 'Second');
  const states = createStates({ clock, emit: () => {}, functions: cloud, mayInvoke: () => {} });
  const definition = {
    StartAt: 'First',
    States: {
      First: { Type: 'Task', Resource: First, Next: 'Second' },
      Second: { Type: 'Task', Resource: Second, End: true },
    },
  };
  const { ref } = await states.resources!['AWS::StepFunctions::StateMachine']!(
    { RoleArn: 'arn:aws:iam::000000000000:role/r', DefinitionString: JSON.stringify(definition) },
    { logicalId: 'm', name: 'm', metadata: {} },
  );
  await states.startExecution(ref, '{}');
  await until(() => loaded('First'));
  if (startAhead) await until(() => loaded('Second'));
  const before = loaded('Second');
  writeFileSync(join(folder, 'go'), '');
  await until(() => loaded('Second'));
  await states.close!();

  return { before, loads: readFileSync(join(folder, 'Second.loaded'), 'utf8').length };
}

test('a function is loaded while the task before it runs, once', async () => {
  expect(await run(true)).toEqual({ before: true, loads: 1 });
});

test('unless it is asked for, a function is loaded when it is invoked', async () => {
  expect(await run(false)).toEqual({ before: false, loads: 1 });
});
