import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, scaledClock } from '../../../../local/clock';
import { type Processes, startProcesses } from '../../../../local/processes';
import type { CloudEvent, Target } from '../../../../local/service';
import { loadImages } from '../../../../local/services/ecr';
import { createEcs, type Ecs } from '../../../../local/services/ecs';

/** What a container runs in these tests; MODE says how it behaves. */
const PROGRAM = `
import { createServer } from 'node:http';
const { MODE, PORT } = process.env;
console.log('mode ' + MODE);
console.error('pid ' + process.pid);
if (MODE === 'crash') { console.log('cannot start'); process.exit(3); }
if (MODE === 'once') { console.log(JSON.stringify({ arguments: process.argv.slice(2), env: process.env })); process.exit(Number(process.env.CODE ?? 0)); }
if (MODE === 'stubborn') process.on('SIGTERM', () => {});
else process.on('SIGTERM', () => process.exit(0));
if (PORT) createServer((_, response) => response.end(process.env.VERSION ?? 'v1')).listen(Number(PORT), process.env.HOST);
else setInterval(() => {}, 1000);
`;

/** A load balancer of which the test decides what is healthy. */
export class FakeTargets {
  readonly registered = new Map<number, string>();
  readonly log: string[] = [];
  /** Ports, or versions of the program behind them, that are not healthy. */
  health = (_: Target): string | Promise<string> => 'healthy';
  /** Resolves when the deregistration delay is over. */
  delay: Promise<void> = Promise.resolve();
  readonly state = new Map<number, string>();

  register(group: string, { port }: Target) {
    this.log.push(`register ${port}`);
    this.registered.set(port, group);
    this.state.set(port, 'initial');
    this.check({ id: '127.0.0.1', port });
  }

  async check(target: Target) {
    while (this.registered.has(target.port)) {
      const health = await this.health(target);
      if (this.registered.has(target.port)) this.state.set(target.port, health);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async deregister(_: string, { port }: Target) {
    this.log.push(`deregister ${port}`);
    this.state.set(port, 'draining');
    this.registered.delete(port);
    await this.delay;
    this.state.delete(port);
    this.log.push(`unused ${port}`);
  }

  of = (_: string, { port }: Target) => this.state.get(port) ?? 'unused';
}

/** The answer of a program, or why there is none. */
export const answerOf = ({ id, port }: Target) =>
  fetch(`http://${id}:${port}/`).then(
    (response) => response.text(),
    (error: Error) => error.message,
  );

export interface World {
  ecs: Ecs;
  processes: Processes;
  targets: FakeTargets;
  events: CloudEvent[];
  logs: { group: string; stream: string; message: string }[];
  clock: Clock;
  // biome-ignore lint/suspicious/noExplicitAny: operations are called as the endpoint calls them
  call(operation: string, input?: object): Promise<any>;
  make(type: string, properties: object): Promise<{ ref: string; attributes?: Record<string, string> }>;
  /** What a template's update does: `before` are the properties until now. */
  change(type: string, ref: string, properties: object, before: object): Promise<unknown>;
  /** Registers a task definition with one container named app. */
  define(environment: Record<string, string>, change?: object, container?: object): Promise<string>;
  close(): Promise<void>;
}

export async function startWorld({ speed = 1 } = {}): Promise<World> {
  const processes = await startProcesses();
  const folder = await processes.directory('images');
  mkdirSync(join(folder, 'app'), { recursive: true });
  writeFileSync(join(folder, 'app/main.mjs'), PROGRAM);
  const map = {
    app: { v1: { folder: 'app', command: ['node', 'main.mjs'], environment: { FROM_IMAGE: 'yes' } } },
  };
  writeFileSync(join(folder, 'images.json'), JSON.stringify(map));

  const targets = new FakeTargets();
  const events: CloudEvent[] = [];
  const logs: World['logs'] = [];
  const clock = scaledClock(speed);
  const ecs = createEcs({
    clock,
    processes,
    images: loadImages(join(folder, 'images.json')),
    emit: (event) => events.push(event),
    targets: {
      register: (group, target) => targets.register(group, target),
      deregister: (group, target) => targets.deregister(group, target),
      health: targets.of,
    },
    secrets: {
      value: (reference) => {
        if (reference.includes('missing')) throw new Error(`no secret ${reference}`);
        return `secret of ${reference}`;
      },
    },
    logs: { write: (group, stream, message) => logs.push({ group, stream, message }) },
    environment: () => ({ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }),
  });
  const call: World['call'] = async (operation, input = {}) =>
    // biome-ignore lint/suspicious/noExplicitAny: operations are called as the endpoint calls them
    (ecs.operations[operation] as any)(input);
  const make: World['make'] = async (type, properties) =>
    ecs.resources![type]!(properties, { logicalId: 'Thing', name: 'stack-Thing', metadata: {} });
  const change: World['change'] = async (type, ref, properties, before) =>
    ecs.updates![type]!(properties, {
      ...{ logicalId: 'Thing', name: 'stack-Thing', metadata: {}, ref },
      before: { ...before },
    });
  await make('AWS::ECS::Cluster', { ClusterName: 'main' });

  const define: World['define'] = async (environment, change = {}, container = {}) => {
    const { taskDefinition } = await call('RegisterTaskDefinition', {
      family: 'app',
      containerDefinitions: [
        {
          name: 'app',
          image: '000000000000.dkr.ecr.eu-west-1.amazonaws.com/app:v1',
          environment: Object.entries(environment).map(([name, value]) => ({ name, value })),
          logConfiguration: {
            logDriver: 'awslogs',
            options: { 'awslogs-group': '/app', 'awslogs-stream-prefix': 'web' },
          },
          ...container,
        },
      ],
      ...change,
    });
    return taskDefinition.taskDefinitionArn;
  };

  return {
    ...{ ecs, processes, targets, events, logs, clock, call, make, change, define },
    async close() {
      targets.registered.clear();
      await ecs.close?.();
      await processes.close();
    },
  };
}
