import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import {
  DescribeListenersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { App } from 'aws-cdk-lib';
import { request } from 'undici';
import { type Cloud, startCloud } from '../../local/cloud';
import type { Template } from '../../local/template';
import { AdoptingStack, OTHER_HOST, RULE, SERVICE, type Stage } from './adopting/stack';
import { expectServing } from './serving';
import { inhabit, type World } from './world';
import { until } from './world/ground';
import { type Load, startLoad } from './world/load';
import { quick } from './world/quick';
import { migrate } from './world/tasks';

jest.setTimeout(240_000);

const IMAGES = join(__dirname, '..', '..', 'examples', 'images.json');
const FILE = 'Shop.template.json';

let folder: string;
let cloud: Cloud;
/** Once there is a workflow. */
let world: World | undefined;
/** Users from before there is Greenlight to after it is gone. */
let load: Load;
let url: string;
let listener: string;
/** The stack with Greenlight. */
let template: Template;
let ecs: ECSClient;
let elb: ElasticLoadBalancingV2Client;

/** The stack's template, and the code of its functions beside it. */
function synthesise(stage: Stage): { assembly: string; template: Template } {
  const assembly = join(folder, stage);
  const app = new App({ outdir: assembly, builtinCloudFormationValidation: false });
  new AdoptingStack(app, 'Shop', { stage });
  app.synth();
  return { assembly, template: JSON.parse(readFileSync(join(assembly, FILE), 'utf8')) };
}

const rules = async () => {
  const { Rules = [] } = await elb.send(new DescribeRulesCommand({ ListenerArn: listener }));
  return Rules.filter(({ IsDefault }) => !IsDefault);
};
/** Where requests go, by the rule's priority: what forwards there, and with which weight. */
async function ways() {
  const { slots, maintenance } = world?.settings ?? {};
  const places = { a: slots?.a, b: slots?.b, page: maintenance };
  const names = new Map(Object.entries(places).map(([place, group]) => [group?.targetGroup, place]));
  return Object.fromEntries(
    (await rules()).map(({ Priority = '', Actions }) => [
      Priority,
      Object.fromEntries(
        (Actions?.[0]?.ForwardConfig?.TargetGroups ?? []).map(({ TargetGroupArn = '', Weight }) => [
          names.get(TargetGroupArn) ?? TargetGroupArn,
          Weight,
        ]),
      ),
    ]),
  );
}
async function service(serviceName: string) {
  const { services } = await ecs.send(
    new DescribeServicesCommand({ cluster: cloud.outputs.ClusterArn, services: [serviceName] }),
  );
  return services?.[0];
}
/** What somebody else on the same listener gets. */
const elsewhere = async () => {
  const { statusCode, body } = await request(url, { headers: { host: OTHER_HOST } });
  await body.dump();
  return statusCode;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'greenlight-adoption-'));
  const { assembly, ...later } = synthesise('with');
  template = later.template;
  // one assembly, so that the code of what is added later is there
  writeFileSync(join(assembly, FILE), JSON.stringify(synthesise('before').template));
  cloud = await startCloud({ assembly, images: IMAGES, speed: 20 });
  const aws = {
    ...{ region: cloud.region, endpoint: cloud.endpoint },
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  ecs = new ECSClient(aws);
  elb = new ElasticLoadBalancingV2Client(aws);
  listener = cloud.outputs.ProductionListenerArn ?? '';
  const { Listeners } = await elb.send(new DescribeListenersCommand({ ListenerArns: [listener] }));
  url = `http://127.0.0.1:${Listeners?.[0]?.Port}`;
  const settings = {
    cluster: cloud.outputs.ClusterArn ?? '',
    migrations: { taskDefinition: 'shop-migration', container: 'shop', subnets: ['subnet-1'] },
  };
  await migrate({ settings, clients: { ecs } }, ['node', 'migrate.mjs', 'up']);
  load = startLoad(url, 100);
});
afterAll(async () => {
  await load?.stop();
  await world?.close();
  await cloud?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Nobody has lost a request, neither of ours nor of whoever shares the listener. */
async function expectNoneLost(): Promise<void> {
  const before = load.requests();
  await until(async () => load.requests() > before + 50 || undefined);
  expect(load.lost()).toBe(0);
  expect(await elsewhere()).toBe(202);
}

it('takes over a service that serves, with the rule by which it does, and users do not notice', async () => {
  const [before, ruled] = [await service(SERVICE), await rules()];
  expect(before).toMatchObject({ status: 'ACTIVE', runningCount: 2 });
  const own = ruled.find(({ Priority }) => Priority === '20')?.RuleArn ?? '';
  await cloud.update('Shop', JSON.parse(JSON.stringify(template).replaceAll(RULE, own)));
  const types = Object.values(cloud.resources).map(({ type }) => type);
  expect(types.filter((type) => /^(Custom::Slot|AWS::ECS::Service)$/.test(type))).toEqual([
    'Custom::Slot',
    'Custom::Slot',
  ]);
  world = await inhabit(cloud, IMAGES, 0, 1);
  const { slots, traffic } = world.settings;
  expect([slots.a.service, traffic.productionRule]).toEqual([SERVICE, own]);
  expect(await service(SERVICE)).toEqual(before);
  expect(await service(slots.b.service)).toMatchObject({ status: 'ACTIVE', desiredCount: 0 });
  const onA = { a: 100, b: 0, page: 0 };
  expect(await ways()).toEqual({ 5: onA, 10: {}, 20: onA });
  expect((await rules()).map(({ Conditions }) => Conditions?.[0]?.PathPatternConfig?.Values)).toEqual([
    ['/version'],
    undefined,
    ['/*'],
  ]);
  await expectServing(world, { version: 'v1', slot: 'a' });
  await expectNoneLost();
});

it('is released from then on, and all of its rules move together, also when nobody hears of a change', async () => {
  const operation = 'elasticloadbalancing:ModifyRule';
  world!.fault({ operation, kind: 'after', role: 'ShiftTraffic', error: 'ServiceUnavailable', times: 1 });
  const ended = await world!.deploy({ image: 'shop:v2', ...quick });
  expect(ended).toMatchObject({ outcome: 'DeploymentSucceeded' });
  expect(world!.faults()).toEqual([]);
  const onB = { a: 0, b: 100, page: 0 };
  expect(await ways()).toEqual({ 5: onB, 10: {}, 20: onB });
  await expectServing(world!, { version: 'v2', slot: 'b' });
  expect(Object.keys(load.versions())).toEqual(expect.arrayContaining(['v1', 'v2']));
  await expectNoneLost();
});

it('is not released while somebody has changed one of its rules alone', async () => {
  const { slots, traffic } = world!.settings;
  const [front = ''] = traffic.otherRules;
  const giveB = (Weight: number) => {
    const TargetGroups = [
      { TargetGroupArn: slots.a.targetGroup, Weight: 0 },
      { TargetGroupArn: slots.b.targetGroup, Weight },
    ];
    const Actions = [{ Type: 'forward' as const, ForwardConfig: { TargetGroups } }];
    return elb.send(new ModifyRuleCommand({ RuleArn: front, Actions }));
  };
  await giveB(50);
  const { outcome, cause } = await world!.deploy({ image: 'shop:v1', migrations: 'none', ...quick });
  expect(outcome).toBe('DeploymentRejected');
  expect(cause).toContain(
    `the production rules differ: ${traffic.productionRule} says a 0 / b 100, ${front} says a 0 / b 50`,
  );
  await giveB(100);
  await expectServing(world!, { version: 'v2', slot: 'b' });
});

it('goes on to serve when Greenlight is gone: its rules and the slot that is live stay, and nothing else', async () => {
  const { slots, traffic } = world!.settings;
  await cloud.update('Shop', synthesise('after').template);
  expect(await service(slots.b.service)).toMatchObject({
    status: 'ACTIVE',
    runningCount: 2,
    desiredCount: 2,
  });
  // what was adopted is never deleted
  expect(await service(SERVICE)).toMatchObject({ status: 'ACTIVE', runningCount: 0, desiredCount: 0 });
  const onB = { b: 100 };
  expect(await ways()).toEqual({ 5: onB, 10: {}, 20: onB });
  expect(await world!.serving()).toEqual(['v2']);
  const types = Object.values(cloud.resources).map(({ type }) => type);
  expect(types.filter((type) => /^Custom::(Slot|Traffic)|StateMachine|Lambda|Events/.test(type))).toEqual([]);
  const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({}));
  expect(TargetGroups.map(({ TargetGroupArn }) => TargetGroupArn).sort()).toEqual(
    [slots.a.targetGroup, slots.b.targetGroup].sort(),
  );
  await expect(
    elb.send(new DescribeListenersCommand({ ListenerArns: [traffic.testListener] })),
  ).rejects.toThrow('not found');
  await expectNoneLost();
});
