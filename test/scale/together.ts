import { type Ended, type Fleet, startFleet } from './fleet';
import { GROUP } from './fleet-stack';

export interface TogetherOptions {
  services: number;
  speed: number;
  assembly?: string;
}

/** One service that deploys among the others. */
interface Deployed {
  service: string;
  ends: string;
  serves: string;
  ended: Ended;
}

/** The first service of a group brings migrations, and every twentieth after that one is sick; the rest bring code alone. */
function part(index: number) {
  if (index % GROUP === 0) return { image: 'shop:v2', ends: 'DeploymentSucceeded', serves: 'v2' };
  if (index % GROUP === 1) return { image: 'shop:v3', ends: 'RolledBack', serves: 'v1' };
  return { image: 'shop:v2', ends: 'DeploymentSucceeded', serves: 'v2' };
}

async function deploy(fleet: Fleet, service: string, index: number): Promise<Deployed> {
  const { image, ends, serves } = part(index);
  const request = {
    image,
    ...(index % GROUP === 0 ? {} : { migrations: 'none' }),
    // green of a sick one is waited for no longer than a healthy one may take here
    ...(ends === 'RolledBack' && { deadlines: { greenSeconds: 600 } }),
  };
  return { service, ends, serves, ended: await fleet.deploy(service, request) };
}

async function problems(fleet: Fleet, { service, ends, serves, ended }: Deployed): Promise<string[]> {
  const { serving, weights, idle, lockHolder } = await fleet.standing(service);
  return [
    ...(ended.outcome === ends ? [] : [`ended ${ended.outcome} instead of ${ends}: ${ended.cause}`]),
    ...(serving === serves ? [] : [`${serving} serves instead of ${serves}`]),
    ...(weights.filter((weight) => weight > 0).length === 1 ? [] : [`the weights are ${weights}`]),
    ...(idle === 0 ? [] : [`the slot without traffic runs ${idle} tasks`]),
    ...(lockHolder === undefined ? [] : [`the lock is held by ${lockHolder}`]),
  ].map((problem) => `${service}: ${problem}`);
}

const seconds = (sorted: readonly number[], share: number) =>
  `${Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)} s`;

/** Calls of the workflow's functions by operation, with how many of them were refused for their rate. */
function callTable({ cloud }: Fleet, services: number): string[] {
  const refused = cloud.refused();
  return [...cloud.calls('Greenlight')]
    .sort(([, one], [, other]) => other - one)
    .map(
      ([operation, calls]) =>
        `${operation.padEnd(46)} ${String(calls).padStart(7)} ${(calls / services).toFixed(1).padStart(7)} ${String(refused.get(operation) ?? 0).padStart(8)}`,
    );
}

/** Deploys one service alone, and then all the others at the same time, at the rates that AWS publishes. */
async function compare(fleet: Fleet): Promise<number> {
  const [first = '', ...others] = fleet.services;
  const alone = await deploy(fleet, first, GROUP + 2);
  console.log(`alone: ${alone.ended.outcome} after ${Math.round(alone.ended.took)} s of cloud time`);
  const began = Date.now();
  let over = 0;
  const all = await Promise.all(
    others.map(async (service, index) => {
      const deployed = await deploy(fleet, service, index + 1);
      if (++over % GROUP === 0) console.error(`${over} of ${others.length} have ended`);
      return deployed;
    }),
  );
  const took = all.map(({ ended }) => ended.took).sort((one, other) => one - other);
  const wrong = (await Promise.all(all.map((one) => problems(fleet, one)))).flat();
  for (const problem of wrong) console.log(problem);
  console.log(
    `${others.length} at the same time: in ${Math.round((Date.now() - began) / 1000)} s of the machine; ` +
      `each took ${seconds(took, 0)} to ${seconds(took, 1)}, half of them up to ${seconds(took, 0.5)}`,
  );
  console.log(`${'operation'.padEnd(46)}   calls    each  refused`);
  for (const line of callTable(fleet, fleet.services.length)) console.log(line);
  const bad = new Set(wrong.map((problem) => problem.split(':')[0])).size;
  console.log(`${others.length - bad} of ${others.length} ended true`);
  return bad;
}

/** Resolves with the number of deployments whose end is not true. */
export async function together({ services, speed, assembly }: TogetherOptions): Promise<number> {
  const fleet = await startFleet({ services, speed, throttling: 'aws', rate: 100, assembly });
  try {
    return await compare(fleet);
  } finally {
    await fleet.close();
  }
}
