import http from 'node:http';
import { createCloudWatch } from '../../../local/services/cloudwatch';
import { createElbv2 } from '../../../local/services/elbv2';
import { manualClock } from '../manual-clock';
import { startOrigin, until } from './origin';

const noFunctions = { invoke: () => Promise.reject(new Error('there is no function here')) };

const CLIENTS = 24;
const REQUESTS_PER_PHASE = 400;
const caller = { accessKeyId: 'test' };

it('loses no request while weights shift to the other side and the old one drains and stops', async () => {
  const clock = manualClock();
  const elb = createElbv2({ clock, metrics: createCloudWatch({ clock }), functions: noFunctions });
  const make = async (type: string, name: string, properties: unknown) =>
    elb.resources![`AWS::ElasticLoadBalancingV2::${type}`]!(properties, {
      logicalId: name,
      name,
      metadata: {},
    });
  const slow = (colour: string) =>
    startOrigin(colour, (request, response) => {
      const answer = () => response.end(`${colour}:${request.method}`);
      if (request.url === '/slow') setTimeout(answer, 20);
      else answer();
    });
  const [blueOrigin, greenOrigin] = [await slow('blue'), await slow('green')];
  const group = (name: string) => make('TargetGroup', name, { TargetType: 'ip', HealthCheckPath: '/health' });
  const [blue, green] = [await group('blue'), await group('green')];
  const weights = (...values: [number, number]) => [
    {
      Type: 'forward',
      ForwardConfig: {
        TargetGroups: [blue, green].map(({ ref }, index) => ({ TargetGroupArn: ref, Weight: values[index] })),
      },
    },
  ];
  const loadBalancer = await make('LoadBalancer', 'lb', {});
  const listener = await make('Listener', 'li', {
    LoadBalancerArn: loadBalancer.ref,
    DefaultActions: weights(100, 0),
  });
  const [blueTarget, greenTarget] = [blueOrigin, greenOrigin].map(({ port }) => ({
    id: '127.0.0.1',
    port,
  })) as [{ id: string; port: number }, { id: string; port: number }];
  elb.register(blue.ref, blueTarget);
  elb.register(green.ref, greenTarget);
  await until(
    'both are healthy',
    () => elb.health(blue.ref, blueTarget) + elb.health(green.ref, greenTarget) === 'healthyhealthy',
  );

  const { port } = elb.operations.DescribeListeners!({ ListenerArns: [listener.ref] }, caller).Listeners.map(
    ({ Port }: { Port: number }) => ({ port: Port }),
  )[0];
  const answers: Record<string, number> = {};
  let answered = 0;
  let stop = false;
  const ask = (agent: http.Agent, n: number) =>
    new Promise<void>((resolve) => {
      const note = (answer: string) => {
        answers[answer] = (answers[answer] ?? 0) + 1;
        answered++;
        resolve();
      };
      const options = {
        host: '127.0.0.1',
        port,
        agent,
        path: n % 5 ? '/x' : '/slow',
        method: n % 7 ? 'GET' : 'POST',
      };
      const request = http.request(options, (response) => {
        response.resume();
        response.on('error', (error) => note(error.message));
        response.on('end', () => note(String(response.statusCode)));
      });
      request.on('error', (error) => note(error.message));
      request.end(options.method === 'POST' ? 'body' : undefined);
    });
  const clients = Array.from({ length: CLIENTS }, async (_, client) => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (let n = client; !stop; n++) await ask(agent, n);
    agent.destroy();
  });
  const phase = async () => {
    const before = answered;
    await until('enough requests are through', () => answered >= before + REQUESTS_PER_PHASE);
  };

  await phase();
  for (const shift of [
    [90, 10],
    [50, 50],
    [10, 90],
    [0, 100],
  ] as [number, number][]) {
    elb.operations.ModifyListener!({ ListenerArn: listener.ref, DefaultActions: weights(...shift) }, caller);
    await phase();
  }
  const gone = elb.deregister(blue.ref, blueTarget);
  await phase();
  clock.advance(300_000);
  await gone;
  await blueOrigin.close();
  await phase();
  stop = true;
  await Promise.all(clients);
  await elb.close!();
  await greenOrigin.close();
  expect(answers).toEqual({ '200': answered });
  expect(blueOrigin.requests.length + greenOrigin.requests.length).toBe(answered);
});
