import { DescribeServicesCommand, ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { startOrders } from '../scenarios/orders';
import { keepWorkers } from '../scenarios/packing';
import { startWorld, type World } from '../scenarios/world';
import { type Effects, effectsIn } from './effects';
import { type Operator, operatorOf } from './operator';
import { type Watch, watch } from './watch';

/** A world for stories: fast, with few users, who also order. */
export interface FaultWorld {
  world: World;
  watch: Watch;
  operator: Operator;
  effects: Effects;
  /** Looks at the world at the moments that matter, while a story goes on. */
  notice(state: string): void;
  /** What was wrong at those moments, once. */
  noticed(): Promise<string[]>;
  /** Puts the world back to rest: v1 serves on its schema, the lock is free. False when that cannot be done. */
  rest(): Promise<boolean>;
  close(): Promise<void>;
}

const RATE = 30;
const ORDERS = 4;

/** Real time in which a world comes to rest. */
const REST_MS = 60_000;

const late = (ms: number) => new Promise<false>((resolve) => setTimeout(() => resolve(false), ms).unref());

/** How long people are waited for, in cloud seconds. */
const approval = { rules: [], timeoutSeconds: 300 };

/** @param patience how many times longer than set a deployment waits for anything */
export async function openFaultWorld(speed: number, patience?: number): Promise<FaultWorld> {
  const world = await startWorld({ speed, rate: RATE, patience });
  await world.configure({ approval });
  const orders = startOrders(world.url, ORDERS);
  const ecs = new ECSClient(world.aws);
  const operator = operatorOf(world);
  const { cluster, slots } = world.settings;
  const definition = async (slot: 'a' | 'b') => {
    const { services } = await ecs.send(
      new DescribeServicesCommand({ cluster, services: [slots[slot].service] }),
    );
    return services?.[0]?.taskDefinition;
  };
  const first = await definition('a');
  let problems: string[] = [];

  async function looked(state: string): Promise<string[]> {
    if (state !== 'StartContract') return [];
    const [weights, running] = [await world.weights(), await world.running()];
    const old = weights.a === 0 ? 'a' : 'b';
    return running[old] > 0 || weights[old] > 0
      ? [`the contract migration began while ${running[old]} tasks of the previous version ran`]
      : [];
  }

  /** Every story begins with v1 in users' hands, whichever slot it is in. */
  async function serveFirst(): Promise<void> {
    const live = (await world.weights()).a > 0 ? 'a' : 'b';
    if ((await definition(live)) === first) return;
    const other = live === 'a' ? 'b' : 'a';
    const service = slots[other].service;
    await ecs.send(new UpdateServiceCommand({ cluster, service, taskDefinition: first, desiredCount: 2 }));
    while ((await operator.healthy(other)) < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    await world.setWeights({ a: other === 'a' ? 100 : 0, b: other === 'b' ? 100 : 0 });
    await world.rest();
  }

  async function atRest(): Promise<boolean> {
    await looking;
    // a recovery may have started them again after the story had stopped them, and a contract of the next one would wait for them
    await keepWorkers(world, 0);
    await world.rest();
    await serveFirst();
    const [serving, { applied }] = [await world.serving(), await world.schema()];
    return serving.join() === 'v1' && applied.length === 1 && (await orders.missing(world)).length === 0;
  }

  let looking: Promise<unknown> = Promise.resolve();
  return {
    world,
    watch: watch(world),
    operator,
    effects: effectsIn(world, orders),
    notice(state) {
      looking = Promise.all([looking, looked(state).then((found) => problems.push(...found))]);
    },
    async noticed() {
      await looking;
      const found = problems;
      problems = [];
      return found;
    },
    rest: () => Promise.race([atRest(), late(REST_MS)]),
    async close() {
      await orders.stop();
      await world.close();
    },
  };
}
