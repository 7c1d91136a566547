import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleReleases } from '../../examples/story/pipeline';
import { type Cloud, startCloud } from '../../local/cloud';
import type { Rates } from '../../local/throttling';
import type { ServedSettings } from '../scenarios/world/ground';

const IMAGES = join(__dirname, 'light', 'images.json');
const ADMIN = { accessKeyId: 'local' };

/** How a deployment ended. */
export interface Ended {
  outcome: string;
  cause: string;
  /** In seconds of cloud time. */
  took: number;
  /** How many states were entered. */
  transitions: number;
}

/** What stands of a service. */
export interface Standing {
  /** The version that answers users. */
  serving: string;
  weights: number[];
  /** Desired tasks of the slot without traffic. */
  idle: number;
  lockHolder: string | undefined;
}

/** A local cloud with many light services at v1, and users of all of them. */
export interface Fleet {
  cloud: Cloud;
  services: string[];
  deploy(service: string, request: object): Promise<Ended>;
  rollBack(service: string, deployment: string): Promise<Ended>;
  /** The name of the service's newest deployment. */
  newest(service: string): string;
  standing(service: string): Promise<Standing>;
  /** Calls an operation without the wire: it is counted and throttled as nobody's. */
  // biome-ignore lint/suspicious/noExplicitAny: one shape per operation
  ask(service: string, operation: string, input: object): Promise<any>;
  close(): Promise<void>;
}

export interface FleetOptions {
  services: number;
  speed: number;
  throttling?: Rates;
  /** Users' requests per second of real time, of all services together. */
  rate: number;
  /** A fleet that was synthesised before, to save the time; by default one is made and removed. */
  assembly?: string;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A program of its own, because a synthesis holds on to a lot of memory. */
function synthesise(services: number): string {
  const outdir = mkdtempSync(join(tmpdir(), 'greenlight-fleet-'));
  const program = [
    join(__dirname, '../../bin/run.js'),
    join(__dirname, 'synth.ts'),
    String(services),
    outdir,
  ];
  const { status, stderr } = spawnSync(process.execPath, program, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the fleet cannot be synthesised: ${stderr}`);
  return outdir;
}

export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const { services, speed, throttling, rate } = options;
  const assembly = options.assembly ?? synthesise(services);
  const cloud = await startCloud({ assembly, images: IMAGES, speed, throttling });
  try {
    const fleet = await inhabit(cloud, rate);
    return {
      ...fleet,
      async close() {
        await fleet.close();
        if (!options.assembly) rmSync(assembly, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await cloud.close();
    throw error;
  }
}

const all = Object.values as <T>(record: Record<string, T>) => T[];

async function inhabit(cloud: Cloud, rate: number): Promise<Fleet> {
  const signing = new Map(all(cloud.services).map((service) => [service.signingName as string, service]));
  const ask: Fleet['ask'] = async (service, operation, input) =>
    signing.get(service)?.operations[operation as never]?.(input as never, ADMIN as never);

  const stateMachineArn = cloud.outputs.ExportStateMachine ?? '';
  const settings = new Map<string, ServedSettings>();
  for (const { type, ref } of all(cloud.resources).filter(({ type }) => type === 'AWS::SSM::Parameter')) {
    const { Parameter } = await ask('ssm', 'GetParameter', { Name: ref });
    const value = JSON.parse(Parameter.Value);
    if (type && 'slots' in value) settings.set(value.service, value);
  }
  const aws = {
    region: cloud.region,
    endpoint: cloud.endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  await bundleReleases({ aws, images: IMAGES, location: [...settings.values()][0]!.migrations.manifests });
  for (const one of new Map([...settings.values()].map((one) => [one.database.instance, one])).values())
    await migrate(one, ask);

  const urls = new Map<string, string>();
  for (const [name, { traffic }] of settings) {
    const arn = traffic.productionRule.replace(':listener-rule/', ':listener/').replace(/\/[^/]+$/, '');
    const { Listeners } = await ask('elasticloadbalancing', 'DescribeListeners', { ListenerArns: [arn] });
    urls.set(name, `http://127.0.0.1:${Listeners[0].Port}`);
  }
  const users = startUsers([...urls.values()], rate);
  // a service without users cannot be deployed
  await users.everywhere;
  const newest = new Map<string, string>();

  async function execute(service: string, input: object): Promise<Ended> {
    const name = `${service}-${randomUUID().slice(0, 8)}`;
    newest.set(service, name);
    const { executionArn } = await ask('states', 'StartExecution', {
      stateMachineArn,
      name,
      input: JSON.stringify(input),
    });
    for (;;) {
      const execution = await ask('states', 'DescribeExecution', { executionArn });
      if (execution.status !== 'RUNNING') {
        const { events } = await ask('states', 'GetExecutionHistory', { executionArn, maxResults: 1000 });
        const entered: { stateEnteredEventDetails: { name: string } }[] = events.filter(
          (event: { stateEnteredEventDetails?: object }) => event.stateEnteredEventDetails,
        );
        return {
          outcome: entered.at(-1)?.stateEnteredEventDetails.name ?? '',
          cause: execution.cause ?? '',
          took: (execution.stopDate - execution.startDate) / 1000,
          transitions: entered.length,
        };
      }
      await pause(100);
    }
  }

  return {
    cloud,
    services: [...settings.keys()],
    ask,
    newest: (service) => newest.get(service) ?? '',
    deploy: (service, request) => execute(service, { service, reason: 'a test of scale', ...request }),
    rollBack: (service, deploymentId) =>
      execute(service, {
        resume: 'rollback',
        deploymentId,
        requestedBy: 'a test',
        reason: 'a test of scale',
      }),
    async standing(service) {
      const { traffic, slots, cluster } = settings.get(service)!;
      const { Rules } = await ask('elasticloadbalancing', 'DescribeRules', {
        RuleArns: [traffic.productionRule],
      });
      const groups: { TargetGroupArn: string; Weight: number }[] =
        Rules[0].Actions[0].ForwardConfig.TargetGroups;
      const weights = [slots.a, slots.b].map(
        ({ targetGroup }) => groups.find(({ TargetGroupArn }) => TargetGroupArn === targetGroup)?.Weight ?? 0,
      );
      const idle = weights[0] === 0 ? slots.a : slots.b;
      const described = await ask('ecs', 'DescribeServices', { cluster, services: [idle.service] });
      const table = all(cloud.resources).find(({ type }) => type === 'AWS::DynamoDB::Table')?.ref;
      const { Item } = await ask('dynamodb', 'GetItem', {
        TableName: table,
        Key: { pk: { S: `service#${service}` }, sk: { S: 'lock' } },
      });
      const answer = await fetch(`${urls.get(service)}/version`);
      return {
        serving: answer.ok ? ((await answer.json()) as { version: string }).version : String(answer.status),
        weights,
        idle: described.services[0].desiredCount,
        lockHolder: Item?.holder?.S,
      };
    },
    async close() {
      await users.stop();
      await cloud.close();
    },
  };
}

/** The first version's schema, once per database. */
async function migrate({ cluster, migrations }: ServedSettings, ask: Fleet['ask']): Promise<void> {
  const { tasks } = await ask('ecs', 'RunTask', {
    cluster,
    taskDefinition: migrations.taskDefinition,
    networkConfiguration: { awsvpcConfiguration: { subnets: migrations.subnets } },
    overrides: { containerOverrides: [{ name: migrations.container, command: migrations.command }] },
  });
  for (;;) {
    const described = await ask('ecs', 'DescribeTasks', { cluster, tasks: [tasks[0].taskArn] });
    const [{ lastStatus, containers }] = described.tasks;
    if (lastStatus === 'STOPPED' && containers[0].exitCode !== 0)
      throw new Error('the first migration failed');
    if (lastStatus === 'STOPPED') return;
    await pause(50);
  }
}

/** One request after the other, to one service after the other. */
function startUsers(urls: string[], rate: number) {
  let on = true;
  let arrived = () => {};
  const everywhere = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const going = (async () => {
    for (let turn = 0; on; turn++) {
      if (turn === urls.length) arrived();
      await fetch(`${urls[turn % urls.length]}/version`).then(
        (answer) => answer.arrayBuffer(),
        () => {},
      );
      await pause(1000 / rate);
    }
  })();
  return {
    /** Resolves once each service has had a request. */
    everywhere,
    async stop() {
      on = false;
      await going;
    },
  };
}
