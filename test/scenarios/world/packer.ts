import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { App } from 'aws-cdk-lib';
import { bundleReleases } from '../../../examples/story/pipeline';
import { PackerStack } from '../../../lib/example/packer-stack';
import { type Cloud, startCloud } from '../../../local/cloud';
import type { Fault } from '../../../local/endpoint';
import { type Database, databaseOf } from './database';
import { type Executions, executionsOf } from './executions';
import { type Ground, layGround, until } from './ground';
import { type Records, recordsOf } from './records';
import { migrate } from './tasks';

const root = join(__dirname, '..', '..', '..');
const IMAGES = join(root, 'examples', 'packer.json');

/** A parcel, and who packed it how many times. */
export interface Parcel {
  id: string;
  packed: number;
  packed_by: string | null;
  packed_at: Date | null;
}

/** A local cloud with the example of a pure worker at v1, and parcels that go on coming. */
export interface PackerWorld extends Executions, Database, Records, Pick<Ground, 'aws' | 'settings'> {
  cloud: Cloud;
  /** Seconds of the cloud in one of real time. */
  speed: number;
  /** Puts a fault at the boundary of the cloud, and takes all faults away again. */
  fault(fault: Fault): void;
  mend(): void;
  /** What runs: by task definition, how many tasks of the service do, those that are stopping included. */
  tasks(): Promise<Record<string, number>>;
  /** The task definition that the service is told to run. */
  taskDefinition(): Promise<string>;
  /** Sets how many tasks the service is to have, as a person does. */
  scale(count: number): Promise<void>;
  /** The version that packs: waits until the newest so many parcels were packed by one alone. */
  packing(): Promise<string>;
  /** All parcels, once those that are there now are packed. */
  parcels(): Promise<Parcel[]>;
  close(): Promise<void>;
}

/** So many parcels come in a second of real time. */
const RATE = 40;

export async function startPackerWorld({ speed = 20 } = {}): Promise<PackerWorld> {
  const assembly = mkdtempSync(join(tmpdir(), 'greenlight-packer-'));
  const app = new App({ outdir: assembly, builtinCloudFormationValidation: false });
  new PackerStack(app, 'Packer');
  app.synth();
  const cloud = await startCloud({ assembly, images: IMAGES, speed });
  try {
    return await inhabit(cloud, assembly, speed);
  } catch (error) {
    await cloud.close();
    throw error;
  }
}

async function inhabit(cloud: Cloud, assembly: string, speed: number): Promise<PackerWorld> {
  const ground = await layGround(cloud, 1, '/greenlight/Packer/packer');
  const { aws, settings, clients } = ground;
  const { cluster } = settings;
  const serviceName = settings.slots.a.service;
  await migrate(ground, settings.migrations.command);
  await bundleReleases({ aws, images: IMAGES, location: cloud.outputs.ManifestsLocation ?? '' });
  const database = databaseOf(ground);
  let coming = true;
  // each time with a session of its own: one that is older than a release would count as the previous version's
  const parcels = (async () => {
    while (coming) {
      await database.query('insert into parcels (made_at) select now() from generate_series(1, 10)');
      await new Promise((resolve) => setTimeout(resolve, 10_000 / RATE));
    }
  })();
  const records = recordsOf(ground);
  return {
    cloud,
    speed,
    aws,
    settings,
    fault: (fault) => cloud.faults.add(fault),
    mend: () => cloud.faults.clear(),
    ...executionsOf(ground, records.journal),
    ...database,
    ...records,
    async tasks() {
      const lists = await Promise.all(
        (['RUNNING', 'STOPPED'] as const).map((desiredStatus) =>
          clients.ecs.send(new ListTasksCommand({ cluster, serviceName, desiredStatus })),
        ),
      );
      const arns = lists.flatMap(({ taskArns = [] }) => taskArns);
      const { tasks = [] } = await clients.ecs.send(new DescribeTasksCommand({ cluster, tasks: arns }));
      const counts: Record<string, number> = {};
      for (const { lastStatus, taskDefinitionArn = '' } of tasks)
        if (lastStatus !== 'STOPPED') counts[taskDefinitionArn] = (counts[taskDefinitionArn] ?? 0) + 1;
      return counts;
    },
    async taskDefinition() {
      const { services } = await clients.ecs.send(
        new DescribeServicesCommand({ cluster, services: [serviceName] }),
      );
      return services?.[0]?.taskDefinition ?? '';
    },
    async scale(desiredCount) {
      await clients.ecs.send(new UpdateServiceCommand({ cluster, service: serviceName, desiredCount }));
    },
    async packing() {
      const newest = 'select packed_by from parcels where packed > 0 order by packed_at desc limit 20';
      return until(async () => {
        const seen = new Set(
          (await database.query<{ packed_by: string }>(newest)).map((row) => row.packed_by),
        );
        return seen.size === 1 ? [...seen][0] : undefined;
      });
    },
    async parcels() {
      const [last] = await database.query<{ id: string }>('select max(id) as id from parcels');
      const open = `select 1 from parcels where packed = 0 and id <= ${last!.id} limit 1`;
      await until(async () => (await database.query(open)).length === 0 || undefined);
      return database.query<Parcel>(
        `select id, packed, packed_by, packed_at from parcels where id <= ${last!.id} order by id`,
      );
    },
    async close() {
      coming = false;
      await parcels.catch(() => {});
      await cloud.close();
      rmSync(assembly, { recursive: true, force: true });
    },
  };
}
