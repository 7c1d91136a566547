import { join } from 'node:path';
import { bundleReleases } from '../../../examples/story/pipeline';
import { type Cloud, startCloud } from '../../../local/cloud';
import type { Slowness } from '../../../local/consistency';
import type { Fault } from '../../../local/endpoint';
import { type Database, databaseOf } from './database';
import { type Executions, executionsOf } from './executions';
import { type Ground, layGround, until } from './ground';
import { clientOf, type Load, startLoad } from './load';
import { type Records, recordsOf } from './records';
import { beginAgain, versionsOf } from './renew';
import { bringToRest } from './rest';
import { migrate, type Tasks, tasksOf } from './tasks';
import { type Traffic, trafficOf } from './traffic';

export type { Ended } from './executions';

const root = join(__dirname, '..', '..', '..');

/** A local cloud with the example at v1, its data, and users; and what a test asks of the world afterwards. */
export interface World
  extends Pick<Ground, 'cloud' | 'aws' | 'settings'>,
    Executions,
    Traffic,
    Tasks,
    Database,
    Records {
  /** Users since the world began, or began anew. */
  load: Load;
  /** Puts the world back to rest after a deployment that ended half-way: one slot serves, the lock is free, v1's schema. */
  rest(): Promise<void>;
  /** Puts the world back to its beginning: v1 in slot a, its schema, its settings, no snapshots, and new users. */
  renew(rate: number): Promise<void>;
  /** Puts a fault at the boundary of the cloud, and takes all faults away again. */
  fault(fault: Fault): void;
  mend(): void;
  /** The faults that are still to come. */
  faults(): readonly Fault[];
  close(): Promise<void>;
}

export interface WorldOptions {
  speed?: number;
  /** Users' requests per second of real time; 0 for none. */
  rate?: number;
  propagationMs?: number;
  /** `aws`: load balancers publish by the minute, and late. */
  metrics?: 'aws';
  /** AWS's slowness, by a seed. */
  consistency?: Slowness;
  /**
   * How many times longer than set a deployment waits for anything. Cloud time that runs fast comes to its deadlines
   * before the real work of a busy machine is done, and a test must not depend on that.
   */
  patience?: number;
  /** Another assembly than the synthesised one. */
  assembly?: string;
  /** Another image map than the example's. */
  images?: string;
  /** Where the cloud's files go. */
  directory?: string;
}

/** The world that the suites of one file have in common, once they do; `place` is what it cannot change. */
let shared: { world: World; place: string } | undefined;
let sharing: WorldOptions | undefined;

/**
 * From now on a world is not ended but given to who starts one next, put back to its beginning: a new world and its first
 * deployment cost as much CPU as four more deployments. The result ends the last one.
 * @param place what goes before what a suite asks for
 */
export function shareWorlds(place: WorldOptions = {}): () => Promise<void> {
  sharing = place;
  return async () => {
    sharing = undefined;
    await shared?.world.close();
  };
}

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const {
    rate = 200,
    speed = 20,
    propagationMs,
    metrics,
    consistency,
    patience = 1,
    assembly = join(root, 'cdk.out'),
    images = join(root, 'examples', 'images.json'),
    directory,
  } = { ...options, ...sharing };
  const place = JSON.stringify({
    speed,
    propagationMs,
    metrics,
    consistency,
    patience,
    assembly,
    images,
    directory,
  });
  if (shared?.place === place) {
    await shared.world.renew(rate);
    return shared.world;
  }
  const cloud = await startCloud({ assembly, images, speed, propagationMs, metrics, consistency, directory });
  try {
    const world = await inhabit(cloud, images, rate, patience);
    if (sharing) shared ??= { world, place };
    return world;
  } catch (error) {
    await cloud.close();
    throw error;
  }
}

/** Until then nobody can know how many users there are, and a deployment would be rejected for having none. */
async function requestsArePublished(cloud: Cloud): Promise<true | undefined> {
  const RequestCount = { Namespace: 'AWS/ApplicationELB', MetricName: 'RequestCount' };
  const { Metrics } = await cloud.services.cloudwatch.operations.ListMetrics!(RequestCount, {
    accessKeyId: 'local',
  });
  return Metrics.length > 0 || undefined;
}

/** The world of a cloud that has the example's workflow; the service's schema is made, unless it is there. */
export async function inhabit(cloud: Cloud, images: string, rate: number, patience: number): Promise<World> {
  const ground = await layGround(cloud, patience);
  const { aws, settings } = ground;
  // the first version's schema and data
  await migrate(ground, settings.migrations.command);
  await bundleReleases({ aws, images, location: cloud.outputs.ManifestsLocation ?? '' });
  const traffic = await trafficOf(ground);
  const versions = await versionsOf(ground);

  const client = clientOf(cloud, settings.traffic.testHost);
  const load = startLoad(traffic.url, rate, client);
  if (rate > 0) await until(() => requestsArePublished(cloud));
  const records = recordsOf(ground);
  const world: World = {
    cloud,
    aws,
    settings,
    load,
    ...traffic,
    ...executionsOf(ground, records.journal),
    ...tasksOf(ground),
    ...databaseOf(ground),
    ...records,
    async rest() {
      cloud.faults.clear();
      await bringToRest(ground, world);
    },
    async renew(rate) {
      await world.rest();
      await world.configure({});
      await beginAgain(ground, versions, world);
      await world.load.stop();
      world.load = startLoad(traffic.url, rate, client);
    },
    fault: (fault) => cloud.faults.add(fault),
    mend: () => cloud.faults.clear(),
    faults: () => cloud.faults.list(),
    async close() {
      await world.load.stop();
      if (!(sharing && shared?.world === world)) await cloud.close();
    },
  };
  return world;
}
