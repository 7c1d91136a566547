import { scaledClock } from '../../local/clock';
import { createCloudWatch } from '../../local/services/cloudwatch';
import { createElbv2 } from '../../local/services/elbv2';

const noFunctions = { invoke: () => Promise.reject(new Error('there is no function here')) };
const caller = { accessKeyId: 'bench' };
export const DRAIN_SECONDS = 2;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export interface Balancer {
  port: number;
  shift(weights: readonly [number, number]): void;
  /** Resolves when blue is deregistered and drained. */
  drainBlue(): Promise<void>;
  close(): Promise<void>;
}

/** The local load balancer before two origins, blue and green; blue has all of the weight. */
export async function startBalancer(ports: readonly [number, number]): Promise<Balancer> {
  const clock = scaledClock();
  const elb = createElbv2({ clock, metrics: createCloudWatch({ clock }), functions: noFunctions });
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
    shift: (weights) => {
      elb.operations.ModifyListener!({ ListenerArn: listener, DefaultActions: actions(weights) }, caller);
    },
    drainBlue: () => elb.deregister(groups[0]!, targets[0]!),
    close: () => elb.close!(),
  };
}
