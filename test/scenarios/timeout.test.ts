import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { definition } from '../../statemachines';
import { listen } from './listener';
import { expectServing } from './serving';
import { quick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(240_000);

/** Real seconds: a state machine's own time limit is not scaled. Long enough for a rollback. */
const LIMIT = 30;

let world: World;
let assembly: string;
beforeAll(async () => {
  assembly = mkdtempSync(join(tmpdir(), 'greenlight-timeout-'));
  cpSync(join(__dirname, '..', '..', 'cdk.out'), assembly, { recursive: true });
  const file = join(assembly, 'Shop.template.json');
  const template = readFileSync(file, 'utf8');
  const limited = template.replace(
    `\\"TimeoutSeconds\\":${definition.TimeoutSeconds}`,
    `\\"TimeoutSeconds\\":${LIMIT}`,
  );
  expect(limited).not.toBe(template);
  writeFileSync(file, limited);
  world = await startWorld({ rate: 100, assembly });
});
afterAll(async () => {
  await world?.close();
  rmSync(assembly, { recursive: true, force: true });
});

it('a deployment whose execution is timed out while users are on green is recovered: v1 serves, nothing else runs', async () => {
  const listener = await listen(world);
  const execution = await world.start(
    { service: 'shop', reason: 'a test', image: 'shop:v2', ...quick, bakeSeconds: 6000 },
    'late',
  );
  await world.ended(execution);
  const { status } = await new SFNClient(world.aws).send(
    new DescribeExecutionCommand({ executionArn: execution }),
  );
  expect(status).toBe('TIMED_OUT');
  expect((await world.endOf('late-recover-1')).outcome).toBe('RolledBack');
  await expectServing(world, { version: 'v1', slot: 'a' });
  await listener.hears('executionTimedOut');
  await listener.close();
});
