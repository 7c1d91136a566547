import { readAs } from '../../src/domain/report/read';
import { expectServing } from './serving';
import { quick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(180_000);

let world: World;
beforeAll(async () => {
  world = await startWorld({ rate: 0 });
});
afterAll(() => world?.close());

const asBefore = { version: 'v1', slot: 'a' } as const;
const request = { image: 'shop:v2', migrations: 'none', ...quick };

it('rejects a deployment of a service that nobody uses, and its dry run, with what would do, and changes nothing', async () => {
  // before anything of this test asks the service
  const rejected = [await world.deploy(request), await world.deploy({ ...request, dryRun: true })];
  for (const { outcome, cause, path } of rejected) {
    expect(outcome).toBe('DeploymentRejected');
    expect(cause).toMatch(
      /^too few requests for a verdict, so this would be rolled back: shop got no requests lately: at 50 % on green, green has no requests, of which 30 never come, .* what would do: thresholds.minimumRequests 0 and latencyIncrease null, so that its smokeTests, alarms and metrics decide; nothing was changed$/,
    );
    expect(path).not.toContain('SnapshotNeeded?');
  }
  await expectServing(world, asBefore);
});

describe('a service that says that nobody has to use green', () => {
  const thresholds = { ...quick.thresholds, minimumRequests: 0 };

  it('is judged by its tests: what they find wrong is rolled back', async () => {
    const ended = await world.deploy({ ...request, thresholds, image: 'shop:v2-unpriced' });
    expect(ended.outcome).toBe('RolledBack');
    expect(ended.cause).toContain('products have no price');
    await expectServing(world, asBefore);
  });

  it('is deployed without a request of users', async () => {
    const ended = await world.deploy({ ...request, thresholds });
    expect(ended.outcome).toBe('DeploymentSucceeded');
    await expectServing(world, { version: 'v2', slot: 'b' });
  });
});

describe('a service with few users', () => {
  beforeAll(() => world.renew(50));

  it('is rejected where a step would be undecided for all of its time, with the sum', async () => {
    const ended = await world.deploy({ ...request, canaryPercent: 1, bakeSeconds: 60 });
    expect(ended.outcome).toBe('DeploymentRejected');
    expect(ended.cause).toMatch(
      /shop got \d+ requests a minute lately: at 1 % on green, green has [\d.]+ requests a minute, of which 30 take \d+ s, and there are 60 s of bake and 60 s for late evidence, .* what would do: /,
    );
    await expectServing(world, asBefore);
  });

  it('is warned of a step that takes longer than its bake, in the plan, the journal and the report', async () => {
    const slow = { ...request, bakeSeconds: 5, deadlines: { evidenceSeconds: 600 } };
    const planned = await world.deploy({ ...slow, dryRun: true });
    expect(planned.output).toMatchObject({
      outcome: 'PlanReported',
      warnings: [
        expect.stringMatching(/^few requests: shop got \d+ requests a minute lately: at 50 % on green/),
      ],
    });
    const enough = await world.deploy({ ...request, bakeSeconds: 300, dryRun: true });
    expect(enough.output).toMatchObject({ outcome: 'PlanReported', warnings: [] });
    const row = (await world.journal(planned.name)).find(({ step }) => step === 'ChooseStrategy')!;
    expect(readAs('ChooseStrategy', row)?.warnings).toHaveLength(1);
  });
});
