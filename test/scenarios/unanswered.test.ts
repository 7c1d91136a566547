import { quick, sick } from './stories';
import { startWorld, type World } from './world';

jest.setTimeout(180_000);

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

/** What the last look at green found, as the journal keeps it. */
async function lastLook(deployment: string) {
  const rows = await world.journal(deployment);
  const { result } = rows.filter(({ step }) => step === 'ObserveGreen').at(-1) ?? {};
  return result as { evidence: Record<string, { verdict: string; numbers: Record<string, unknown> }> };
}

/** Enough requests on any machine; when they end well, the bake is not prolonged. */
const counted = { ...sick, bakeSeconds: 180 };

it.each([['closes the connection of a third of its pages', 'shop:v2-resets', 0.5]])(
  'convicts a green that %s, although none of its answers is wrong',
  async (_, image, most) => {
    const ended = await world.deploy({ image, migrations: 'none', ...counted });
    expect(ended.outcome).toBe('RolledBack');
    expect(ended.cause).toMatch(/green \d+ of \d+ requests failed \([\d.]+ %, \d+ of them unanswered\)/);
    const { numbers } = (await lastLook(ended.name)).evidence.errors ?? {};
    const { green, unanswered } = numbers as Record<string, [number, number]>;
    // all that failed is what nobody answered, and nothing is counted twice
    expect(unanswered![0]).toBe(green![0]);
    expect(green![0] / green![1]).toBeGreaterThan(0.02);
    expect(green![0] / green![1]).toBeLessThanOrEqual(most);
    expect(unanswered![1]).toBeLessThan(5);
    expect(await world.serving()).toEqual(['v1']);
    expect(await world.weights()).toEqual({ a: 100, b: 0 });
  },
);

it('never acquits a green while users wait for pages that never come', async () => {
  const ended = await world.deploy({ image: 'shop:v2-hangs', migrations: 'none', ...counted });
  expect(ended.outcome).toBe('RolledBack');
  expect(await world.serving()).toEqual(['v1']);
});

it('warns of a green that answers 403 to everybody but its smoke tests, and convicts it where the service says so', async () => {
  const request = { image: 'shop:v2-forbids', migrations: 'none', ...counted };
  const thresholds = { ...counted.thresholds, clientErrorRateIncrease: 0.2 };
  const convicted = await world.deploy({ ...request, thresholds });
  expect(convicted.outcome).toBe('RolledBack');
  expect(convicted.cause).toMatch(
    /client errors: green \d+ of \d+ \([\d.]+ %\), blue \d+ of \d+ \([\d.]+ %\); more than 20.0 % worse/,
  );
  expect(await world.serving()).toEqual(['v1']);
  const warned = await world.deploy(request);
  expect(warned.outcome).toBe('DeploymentSucceeded');
  const looks = (await world.journal(warned.name)).filter(({ step }) => step === 'ObserveGreen');
  expect(JSON.stringify(looks)).toContain('client errors: green');
  expect((await world.deploy({ image: 'shop:v1', migrations: 'none', ...quick })).outcome).toBe(
    'DeploymentSucceeded',
  );
  await world.rest();
});
