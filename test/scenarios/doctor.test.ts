import { ApplicationAutoScaling } from '@aws-sdk/client-application-auto-scaling';
import { CloudWatch, type PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { RDS } from '@aws-sdk/client-rds';
import { SNS } from '@aws-sdk/client-sns';
import { SSM } from '@aws-sdk/client-ssm';
import type { Finding } from '../../src/domain/doctor/finding';
import type { SettingsInput } from '../../src/domain/settings/settings';
import { greenlight } from './greenlight';
import { quick } from './stories';
import { startWorld, type World } from './world';
import { until } from './world/ground';

jest.setTimeout(240_000);

let world: World;
/** Slot b is live, and behind it the previous version runs no more. */
beforeAll(async () => {
  world = await startWorld({ rate: 50 });
  const { outcome } = await world.deploy({ image: 'shop:v2', ...quick, rollback: { warmSeconds: 0 } });
  expect(outcome).toBe('DeploymentSucceeded');
});
afterAll(() => world?.close());

type Seen = Pick<Finding, 'about' | 'weight' | 'says'> & { of: string };

async function examined(): Promise<{ code: number; seen: Seen[] }> {
  const { code, out, error } = await greenlight(world, 'doctor', '--json');
  expect(error).toBe('');
  const all = JSON.parse(out) as { of: string; findings: Finding[] }[];
  return { code, seen: all.flatMap(({ of, findings }) => findings.map((finding) => ({ of, ...finding }))) };
}

/** So of the example, by its template. */
const [NOBODY, UNPROTECTED] = [
  /^nobody would hear when a deployment needs an operator: nobody is subscribed to arn:.*; subscribe/,
  /^database instance \S+ is not protected from deletion; turn deletion protection on$/,
];

it('finds nothing that stops a deployment of the example, and says what is missing on a bad day', async () => {
  const { code, seen } = await examined();
  expect(seen).toEqual([
    { of: 'workflow Shop', about: 'people', weight: 'risks', says: expect.stringMatching(NOBODY) },
    { of: 'shop', about: 'database', weight: 'risks', says: expect.stringMatching(UNPROTECTED) },
  ]);
  expect(code).toBe(0);
  await new SNS(world.aws).subscribe({
    TopicArn: /arn:\S+/.exec(seen[0]?.says ?? '')?.[0].replace(/;$/, ''),
    Protocol: 'email',
    Endpoint: 'on-call@example.com',
  });
  const { out } = await greenlight(world, 'doctor', 'shop');
  expect(out).toMatch(
    /^workflow Shop:\n {2}risks {3}people {6}nobody would hear.*: none of the 1 that were asked has confirmed/,
  );
  expect(out).toContain('greenlight deploy --dry-run');
});

/** Names of the alarms that the construct has made. */
async function alarmsOfWorkflow(): Promise<string[]> {
  const { Parameter } = await new SSM(world.aws).getParameter({ Name: '/greenlight/Shop' });
  return JSON.parse(Parameter?.Value ?? '').alarms;
}

type Undo = () => Promise<unknown>;
/** Settings that say something else, until they are put back. */
const saying = (changes: () => Partial<SettingsInput>) => async (): Promise<Undo> => {
  await world.configure(changes());
  return () => world.configure({});
};
const production = () => world.settings.traffic!.productionRule;
/** Makes nothing of a part of an ARN. */
const other = (arn: string) => `${arn.slice(0, -4)}0000`;

async function stickiness(Enabled: boolean): Promise<void> {
  const elb = new ElasticLoadBalancingV2(world.aws);
  const { Rules = [] } = await elb.describeRules({ RuleArns: [production()] });
  const [forward] = Rules[0]?.Actions ?? [];
  const sticky = { Enabled, DurationSeconds: 60 };
  await elb.modifyRule({
    RuleArn: production(),
    Actions: [
      {
        Type: 'forward',
        ForwardConfig: { ...forward?.ForwardConfig, TargetGroupStickinessConfig: sticky },
      },
    ],
  });
}

const scalable = () =>
  ({
    ServiceNamespace: 'ecs',
    ScalableDimension: 'ecs:service:DesiredCount',
    ResourceId: `service/${world.settings.cluster.split('/').at(-1)}/${world.settings.slots.a!.service}`,
  }) as const;

/** One thing of an account that is not as it should be: what it is, how it comes about and goes, and what is to be found. */
const broken: [string, () => Promise<Undo>, [string, Finding['about'], Finding['weight'], RegExp][]][] = [
  [
    'settings that another version wrote',
    saying(() => ({ strategy: 'FAST' as 'CANARY' })),
    [['shop', 'settings', 'stops', /^settings\.strategy: .*"FAST"/]],
  ],
  [
    'weights that somebody moved',
    async () => {
      await world.setWeights({ a: 60, b: 40 });
      return () => world.setWeights({ a: 0, b: 100 });
    },
    [
      [
        'shop',
        'traffic',
        'stops',
        /^the production rule's weights are a 60 \/ b 40 where a 0 \/ b 100 was recorded/,
      ],
    ],
  ],
  [
    'users bound to a target group',
    async () => {
      await stickiness(true);
      return () => stickiness(false);
    },
    [
      [
        'shop',
        'traffic',
        'stops',
        /binds users to a target group for 60 s.*turn target group stickiness off/,
      ],
    ],
  ],
  [
    'a production rule that is not there',
    saying(() => ({ traffic: { ...world.settings.traffic!, productionRule: other(production()) } })),
    [['shop', 'traffic', 'stops', /^the rule arn:\S+ is not there/]],
  ],
  [
    'a test rule that is not there',
    saying(() => ({
      traffic: { ...world.settings.traffic!, testRule: other(world.settings.traffic!.testRule) },
    })),
    [['shop', 'traffic', 'stops', /^the test rule arn:.* cannot be shifted: the rule arn:\S+ is not there/]],
  ],
  [
    'metrics of another load balancer',
    saying(() => ({ traffic: { ...world.settings.traffic!, loadBalancerFullName: 'app/other/1' } })),
    [['shop', 'traffic', 'stops', /^traffic\.loadBalancerFullName is app\/other\/1.*set it to app\//]],
  ],
  [
    'a slot whose target group is not there',
    saying(() => {
      const { slots } = world.settings;
      const targetGroup = other(slots.a!.targetGroup!);
      return {
        slots: {
          ...slots,
          a: { ...slots.a!, targetGroup, targetGroupFullName: targetGroup.split(':').at(-1) },
        },
      };
    }),
    [
      ['shop', 'traffic', 'stops', /^the rule forwards to arn:.*, which is neither slot's target group/],
      ['shop', 'traffic', 'stops', /^the test rule arn:.* cannot be shifted: the rule forwards to/],
      ['shop', 'traffic', 'stops', /^there is no target group arn:.*0000 \(a\)/],
    ],
  ],
  [
    'a slot whose service is not there',
    saying(() => {
      const { slots } = world.settings;
      return { slots: { ...slots, a: { ...slots.a!, service: 'gone' } } };
    }),
    [['shop', 'tasks', 'stops', /^service gone is not active in arn:/]],
  ],
  [
    'a live version without tasks',
    async () => {
      await world.scale('b', 0);
      await until(async () => (await world.running()).b === 0 || undefined);
      return async () => {
        await world.scale('b', 2);
        await until(async () => (await greenlight(world, 'doctor', '--json')).code === 0 || undefined);
      };
    },
    [['shop', 'tasks', 'stops', /^blue \(\S+\) has 0 healthy of 0 wanted targets/]],
  ],
  [
    'a container of another name',
    saying(() => ({ container: 'web' })),
    [['shop', 'tasks', 'stops', /^task definition \S+ has no container web; set container to one of shop/]],
  ],
  [
    'no task definition to make a release from',
    saying(() => ({ taskDefinition: 'gone' })),
    [['shop', 'tasks', 'stops', /^there is no task definition gone to make a release from/]],
  ],
  [
    'a policy for one slot alone',
    async () => {
      const scaling = new ApplicationAutoScaling(world.aws);
      await scaling.registerScalableTarget({ ...scalable(), MinCapacity: 0, MaxCapacity: 4 });
      return () => scaling.deregisterScalableTarget(scalable());
    },
    [
      [
        'shop',
        'tasks',
        'risks',
        /^only one of \S+ and \S+ has a scalable target.*a policy scales it that does not now/,
      ],
    ],
  ],
  [
    'a worker that is not there',
    saying(() => ({
      workers: [{ kind: 'service', service: 'gone', container: 'shop', moves: 'after' }],
    })),
    [['shop', 'tasks', 'stops', /^worker gone is not there; create it/]],
  ],
  [
    'an alarm that is not there',
    saying(() => ({ evidence: { ...world.settings.evidence, alarms: ['gone'] } })),
    [['shop', 'release', 'stops', /^alarm gone of the settings' evidence\.alarms/]],
  ],
  [
    'no task to run migrations with',
    saying(() => ({ migrations: { ...world.settings.migrations, taskDefinition: 'gone' } })),
    [['shop', 'migrations', 'stops', /^there is no task definition gone to run migrations with/]],
  ],
  [
    'a task for migrations without their container',
    saying(() => ({ migrations: { ...world.settings.migrations, container: 'flyway' } })),
    [['shop', 'migrations', 'stops', /has no container flyway; set migrations\.container to one of /]],
  ],
  [
    'a database without backups, for everybody to see',
    async () => {
      const rds = new RDS(world.aws);
      const DBInstanceIdentifier = world.settings.database.instance;
      const set = (BackupRetentionPeriod: number, PubliclyAccessible: boolean) =>
        rds.modifyDBInstance({ DBInstanceIdentifier, BackupRetentionPeriod, PubliclyAccessible });
      await set(0, true);
      return () => set(7, false);
    },
    [
      ['shop', 'database', 'risks', /takes no automatic snapshots/],
      ['shop', 'database', 'risks', /has a public address/],
    ],
  ],
  [
    'a repository without what a rollback needs',
    saying(() => ({ repository: `${world.settings.repository}-gone` })),
    [
      [
        'shop',
        'release',
        'risks',
        /^\S+:v1\S*, the previous version, is no longer in \S+-gone.*; push it again/,
      ],
    ],
  ],
  [
    'an instance and a secret that are not there',
    saying(() => ({
      database: { instance: 'gone', secret: other(world.settings.database.secret) },
    })),
    [
      ['shop', 'database', 'stops', /^there is no database instance gone/],
      ['shop', 'database', 'stops', /^there is no secret arn:.*0000/],
    ],
  ],
  [
    'alarms whose actions somebody has disabled',
    async () => {
      const [name = '', ...others] = await alarmsOfWorkflow();
      await new CloudWatch(world.aws).disableAlarmActions({ AlarmNames: [name, ...others] });
      return () => new CloudWatch(world.aws).enableAlarmActions({ AlarmNames: [name, ...others] });
    },
    [['workflow Shop', 'people', 'risks', /^nobody would hear the alarm Shop-.*: its actions are disabled/]],
  ],
  [
    'an alarm that is gone',
    async () => {
      const cloudwatch = new CloudWatch(world.aws);
      const AlarmNames = (await alarmsOfWorkflow()).slice(0, 1);
      const { MetricAlarms = [] } = await cloudwatch.describeAlarms({ AlarmNames });
      await cloudwatch.deleteAlarms({ AlarmNames });
      return () => cloudwatch.putMetricAlarm(MetricAlarms[0] as PutMetricAlarmInput);
    },
    [['workflow Shop', 'people', 'risks', /^nobody would hear the alarm Shop-\w+: it is not there/]],
  ],
  [
    'an account that lets nobody look',
    async () => {
      world.fault({ operation: 'rds:DescribeDBInstances', kind: 'before', error: 'AccessDenied', times: 9 });
      return async () => world.mend();
    },
    [
      ['shop', 'database', 'unseen', /^this was not looked at: AccessDenied/],
      ['shop', 'keys', 'unseen', /^this was not looked at: AccessDenied/],
    ],
  ],
];

it.each(broken)('finds %s, and nothing else', async (_, breaks, sees) => {
  const usual = (await examined()).seen;
  const undo = await breaks();
  try {
    const { code, seen } = await examined();
    const added = seen.filter(({ says }) => !usual.some((one) => one.says === says));
    expect(added).toEqual(
      sees.map(([of, about, weight, says]) => ({ of, about, weight, says: expect.stringMatching(says) })),
    );
    expect(code).toBe(sees.some(([, , weight]) => weight !== 'risks') ? 1 : 0);
  } finally {
    await undo();
  }
  expect((await examined()).seen).toEqual(usual);
});
