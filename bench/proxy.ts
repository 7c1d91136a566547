import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { scaledClock } from '../local/clock';
import { createCloudWatch } from '../local/services/cloudwatch';
import { createElbv2, type Elbv2 } from '../local/services/elbv2';

const noFunctions = { invoke: () => Promise.reject(new Error('there is no function here')) };

interface Load {
  answered: number;
  lost: number;
  seconds: number;
  p50: number;
  p99: number;
}

const SECONDS = 4;
const CONNECTIONS = 64;
const SHIFTS = [
  [90, 10],
  [50, 50],
  [10, 90],
  [0, 100],
] as const;
const SHIFT_MS = 1_500;
const DRAIN_SECONDS = 2;
const caller = { accessKeyId: 'bench' };

const program = (name: string) => path.join(__dirname, 'proxy', `${name}.mjs`);
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function startOrigin(): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, [program('origin')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout!, 'data');
  return { child, port: Number(line) };
}

/** Runs the load generator in a process of its own; `slow` is the share of requests that take 50 ms. */
async function load(port: number, connections: number, seconds: number, slow = 0): Promise<Load> {
  const parameters = [port, connections, seconds, slow].map(String);
  const child = spawn(process.execPath, [program('load'), ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout!.on('data', (data) => {
    text += data;
  });
  await once(child, 'close');
  return JSON.parse(text);
}

/** A load balancer in front of two origins, blue with all of the weight. */
async function setUp(elb: Elbv2, ports: readonly number[]) {
  const make = async (type: string, name: string, properties: unknown) =>
    elb.resources![`AWS::ElasticLoadBalancingV2::${type}`]!(properties, {
      logicalId: name,
      name,
      metadata: {},
    });
  const delay = { Key: 'deregistration_delay.timeout_seconds', Value: String(DRAIN_SECONDS) };
  const groups: string[] = [];
  for (const name of ['blue', 'green'])
    groups.push((await make('TargetGroup', name, { TargetType: 'ip', TargetGroupAttributes: [delay] })).ref);
  const actions = (weights: readonly number[]) => [
    {
      Type: 'forward',
      ForwardConfig: {
        TargetGroups: groups.map((arn, index) => ({ TargetGroupArn: arn, Weight: weights[index] })),
      },
    },
  ];
  const loadBalancer = await make('LoadBalancer', 'bench', {});
  const { ref: listener } = await make('Listener', 'listener', {
    LoadBalancerArn: loadBalancer.ref,
    DefaultActions: actions([100, 0]),
  });
  const targets = ports.map((port) => ({ id: '127.0.0.1', port }));
  targets.forEach((target, index) => {
    elb.register(groups[index]!, target);
  });
  while (!targets.every((target, index) => elb.health(groups[index]!, target) === 'healthy')) await sleep(20);
  const { Listeners } = elb.operations.DescribeListeners!({ ListenerArns: [listener] }, caller);
  return {
    port: Listeners[0].Port as number,
    shift: (weights: readonly number[]) =>
      elb.operations.ModifyListener!({ ListenerArn: listener, DefaultActions: actions(weights) }, caller),
    drainBlue: () => elb.deregister(groups[0]!, targets[0]!),
  };
}

/** How many requests a second the load balancer passes on, and what it loses while traffic moves from side to side. */
export async function bench(): Promise<{ name: string; value: number; unit: string }[]> {
  const clock = scaledClock();
  const elb = createElbv2({ clock, metrics: createCloudWatch({ clock }), functions: noFunctions });
  const origins = [await startOrigin(), await startOrigin()];
  try {
    const { port, shift, drainBlue } = await setUp(
      elb,
      origins.map(({ port }) => port),
    );
    const steady = await load(port, CONNECTIONS, SECONDS);
    const moving = load(port, CONNECTIONS, (SHIFTS.length * SHIFT_MS) / 1_000 + DRAIN_SECONDS + 2, 0.25);
    for (const weights of SHIFTS) {
      await sleep(SHIFT_MS);
      shift(weights);
    }
    await drainBlue();
    origins[0]!.child.kill('SIGTERM');
    const { answered, lost } = await moving;
    return [
      {
        name: `load balancer, ${CONNECTIONS} connections`,
        value: Math.round(steady.answered / SECONDS),
        unit: 'requests/s',
      },
      { name: 'load balancer, median', value: Number(steady.p50.toFixed(2)), unit: 'ms' },
      { name: 'load balancer, 99th percentile', value: Number(steady.p99.toFixed(2)), unit: 'ms' },
      { name: 'requests during shifts, draining and stop', value: answered + lost, unit: 'requests' },
      { name: 'requests lost during shifts, draining and stop', value: lost, unit: 'requests' },
    ];
  } finally {
    for (const { child } of origins) child.kill('SIGKILL');
    await elb.close!();
  }
}
