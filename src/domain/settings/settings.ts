import * as z from 'zod/mini';
import { ownEvidenceSchema } from '../evidence/own';
import { smokeTestSchema } from '../evidence/smoke-tests';
import { serviceThresholdsSchema } from '../evidence/thresholds';
import { tools } from '../migrations/types';
import { arnOf, nonEmpty, nonEmptyList, serviceName } from '../text/schemas';
import { streamsSchema } from '../traffic/streams';
import { levels } from '../validation/check';
import { workerName, workerSchema } from '../workers/settings';
import { askable, busyAnswers, SLOTS } from './choices';
import {
  approvalSchema,
  limitsSchema,
  linearSchema,
  retentionSchema,
  seconds,
  serviceDeadlinesSchema,
  serviceRollbackSchema,
  trialSchema,
} from './policy';
import { rulesIn } from './rules';

/**
 * What a service needs to be deployed: where it lives, and the defaults of its deployments. Written by
 * the `DeploymentWorkflow` construct into one SSM parameter per service; a request names only the service.
 */

const targetGroup = arnOf('elasticloadbalancing:targetgroup', 'the ARN of a target group');
const listenerRule = arnOf(
  'elasticloadbalancing:listener-rule',
  'the ARN of a listener rule, not of its listener',
);

const secretArn = arnOf('secretsmanager:secret', 'the ARN of a secret of AWS Secrets Manager');
const keyArn = arnOf('kms:key', 'the ARN of a key of AWS KMS');
const keysOf = (what: string) =>
  z._default(z.array(keyArn).check(z.describe(`ARNs of the keys that encrypt ${what}.`)), []);

const slot = z.strictObject({
  service: nonEmpty.check(
    z.regex(/^[^/:]+$/, 'expected the name of an Amazon ECS service, not its ARN'),
    z.describe('Name of the Amazon ECS service.'),
  ),
  targetGroup: z.optional(
    targetGroup.check(z.describe('ARN of its target group; left out where there is no load balancer.')),
  ),
  targetGroupFullName: z.optional(
    nonEmpty.check(z.describe('By which CloudWatch knows the group: `targetgroup/<name>/<id>`.')),
  ),
});

const shape = z.strictObject({
  service: serviceName.check(z.describe('By which requests name it.')),
  environment: nonEmpty.check(z.describe('Whose policy holds for it.')),
  cluster: arnOf('ecs:cluster', 'the ARN of an Amazon ECS cluster').check(
    z.describe('ARN of the Amazon ECS cluster.'),
  ),
  taskDefinition: z.optional(
    nonEmpty.check(
      z.describe(
        'Family whose newest revision a release is made of; that of the live version where it is left out.',
      ),
    ),
  ),
  container: nonEmpty.check(
    z.describe('The container of the task definition that carries the released image.'),
  ),
  repository: nonEmpty.check(z.describe('URI of the repository of which releases are images.')),
  slots: z
    .strictObject({ a: slot, b: z.optional(slot) })
    .check(z.describe('Two, which trade the roles of blue and green; of a pure worker `a` alone.')),
  traffic: z.nullable(
    z
      .strictObject({
        loadBalancer: arnOf(
          'elasticloadbalancing:loadbalancer/app',
          'the ARN of an application load balancer; a network load balancer has no rules with weights',
        ).check(z.describe('ARN of the application load balancer.')),
        loadBalancerFullName: nonEmpty.check(z.describe('By which CloudWatch knows it: `app/<name>/<id>`.')),
        productionRule: listenerRule.check(z.describe('ARN of the rule by which users come.')),
        otherRules: z._default(
          z
            .array(listenerRule)
            .check(
              z.describe(
                'ARNs of further rules of the users, which always have the same weights: a rule has five values of conditions at most, and users may come by several listeners of the load balancer.',
              ),
            ),
          [],
        ),
        testListener: arnOf('elasticloadbalancing:listener', 'the ARN of a listener').check(
          z.describe('ARN of the listener by which green is asked before users are.'),
        ),
        testHost: z.optional(
          nonEmpty.check(
            z.describe(
              "The requests' Host through the test listener, and over HTTPS what its certificate has to be for. By default the load balancer's own name, which no certificate of yours is for.",
            ),
          ),
        ),
        testRule: listenerRule.check(z.describe('ARN of the rule of that listener.')),
      })
      .check(z.describe('null: a pure worker, which has no load balancer. Its tasks are replaced in place.')),
  ),
  database: z.strictObject({
    instance: z.optional(
      nonEmpty.check(
        z.maxLength(54),
        z.describe(
          "Identifier of the RDS instance. A restored one's is nine characters longer, and RDS allows 63.",
        ),
      ),
    ),
    cluster: z.optional(
      nonEmpty.check(
        z.maxLength(51),
        z.describe(
          'Identifier of the DB cluster of Amazon Aurora PostgreSQL, in the place of `instance`. The names of its snapshots, and of what a restore makes, are up to twelve characters longer, and RDS allows 63.',
        ),
      ),
    ),
    secret: secretArn.check(
      z.describe('ARN of the secret as RDS writes it: host, port, dbname, username, password.'),
    ),
    readSecret: z.optional(
      secretArn.check(
        z.describe(
          'ARN of the secret of a user who only reads, for the steps that only look: they cannot read `secret`, which stays with those that watch and end migrations, gather statistics and lead the application to a restored instance. By default all of them use `secret`.',
        ),
      ),
    ),
    otherSecrets: z._default(
      z
        .array(secretArn)
        .check(
          z.describe(
            "ARNs of secrets of the application's other roles: a restore leads them to the restored instance as well.",
          ),
        ),
      [],
    ),
    roles: z._default(
      z
        .array(nonEmpty)
        .check(
          z.describe(
            "Roles under which the application and its migrations work, where that is not the secret's own user alone. Their sessions tell whether the previous version is gone.",
          ),
        ),
      [],
    ),
  }),
  keys: z.prefault(
    z
      .strictObject({
        secrets: keysOf('the secrets'),
        manifests: keysOf("the manifests' bucket"),
        databases: keysOf('the database and its snapshots'),
      })
      .check(
        z.describe('Keys of your own that the functions may use; the construct writes them, for `doctor`.'),
      ),
    {},
  ),
  migrations: z.strictObject({
    tool: z.enum(tools).check(z.describe('What runs the migrations.')),
    historyTable: z.optional(
      nonEmpty.check(
        z.describe(
          'The table in which the tool records what it has applied, where that is not its usual one: `table`, or `schema.table`.',
        ),
      ),
    ),
    manifests: z
      .string()
      .check(
        z.regex(/^s3:\/\/[^/]+\/.+[^/]$/, 'expected s3://bucket/prefix'),
        z.describe(
          "Where `greenlight bundle --s3` puts the releases' manifests: `<this>/<image digest>.json`.",
        ),
      ),
    opaque: z
      .enum(['allow', 'refuse'])
      .check(
        z.describe(
          'What to do with statements that nobody can look into beforehand: generated by code, or dynamic.',
        ),
      ),
    taskDefinition: nonEmpty.check(
      z.describe('Family whose `container` runs the released image with `command`.'),
    ),
    container: nonEmpty.check(z.describe('That container.')),
    command: nonEmptyList.check(z.describe('Runs the expand migrations.')),
    contractCommand: z._default(
      z
        .array(z.string())
        .check(
          z.describe(
            'Runs the contract migrations, and what is pending of the others. Empty: the service has none.',
          ),
        ),
      [],
    ),
    revertCommand: z
      .array(z.string())
      .check(
        z.describe(
          'Takes migrations back: `{keep}` is the id of the newest one to keep (`0`, of alembic `base`: none), `{count}` how many are taken back, `{oldest}` the id of the oldest of those; without any of them `{keep}` is appended. Empty: reverting is not possible.',
        ),
      ),
    subnets: nonEmptyList.check(z.describe('Ids of the subnets of that task.')),
    securityGroups: nonEmptyList.check(z.describe('Ids of its security groups.')),
    publicIp: z._default(
      z
        .boolean()
        .check(
          z.describe(
            'Whether that task gets a public address, for subnets that reach Amazon ECR by an internet gateway alone.',
          ),
        ),
      false,
    ),
  }),
  maintenance: z._default(
    z.nullable(
      z
        .strictObject({
          targetGroup: targetGroup.check(
            z.describe(
              'ARN of the target group of the function that answers 503 with `Retry-After` and a page.',
            ),
          ),
          targetGroupFullName: nonEmpty.check(
            z.describe('By which CloudWatch knows it: `targetgroup/<name>/<id>`.'),
          ),
          compareBytes: z._default(
            z
              .int()
              .check(
                z.nonnegative(),
                z.describe(
                  'How much of the database is compared row by row after a restore, smallest tables first; of up to ten times as much the rows are counted. Reading it is part of the window.',
                ),
              ),
            1_000_000_000,
          ),
          closeSeconds: z._default(
            seconds.check(
              z.describe(
                'How long to wait until nobody can write any more; after that the service is opened again.',
              ),
            ),
            600,
          ),
          restoreSeconds: z._default(seconds.check(z.describe('How long a restore may take.')), 3600),
        })
        .check(z.describe('What users get during a maintenance window; null: the service never closes.')),
    ),
    null,
  ),
  workers: z._default(
    z.array(workerSchema).check(z.describe('What works beside the slots with the same image.')),
    [],
  ),
  validation: z._default(
    z.enum(levels).check(z.describe('How much of the database is compared before and after its migrations.')),
    'standard',
  ),
  smokeTests: z
    .array(smokeTestSchema)
    .check(
      z.describe('What green is asked before any user does: requests, functions, or tasks of the service.'),
    ),
  evidence: z.prefault(ownEvidenceSchema, {}),
  trial: z._default(
    z.nullable(
      trialSchema.check(
        z.describe(
          'Whether the previous version can still start on the migrated schema is tried, and how a task of it is told to be healthy; null: nobody knows then.',
        ),
      ),
    ),
    { healthCheck: null, steadySeconds: 40 },
  ),
  strategy: z.enum(askable).check(z.describe('How traffic moves where a request names nothing else.')),
  zeroDowntime: z._default(
    z
      .enum(['ALL_AT_ONCE', 'CANARY', 'LINEAR', 'ROLLING'])
      .check(z.describe('What `AUTO` takes where the migrations break nobody.')),
    'CANARY',
  ),
  canaryPercent: z
    .int()
    .check(z.minimum(1), z.maximum(99), z.describe('Share of the users that `CANARY` gives green first.')),
  linear: z._default(linearSchema, { percent: 10, seconds: 360 }),
  bakeSeconds: seconds.check(
    z.describe('How long a step of the shift is watched at least; with `LINEAR` the last.'),
  ),
  soakSeconds: seconds.check(
    z.describe(
      'How long a side must have weight 0 and no requests before it is scaled down (propagation, keep-alive).',
    ),
  ),
  streams: z._default(
    z.nullable(
      streamsSchema.check(
        z.describe(
          'Of a service with WebSockets or other long streams; null: what receives no request is stopped at once.',
        ),
      ),
    ),
    null,
  ),
  thresholds: serviceThresholdsSchema,
  approval: z.prefault(approvalSchema, {}),
  rollback: z.prefault(serviceRollbackSchema, {}),
  deadlines: serviceDeadlinesSchema,
  limits: z.prefault(limitsSchema, {}),
  retention: z._default(retentionSchema, { snapshotDays: 35, keepLast: 3 }),
  promotion: z._default(
    z.nullable(
      z.strictObject({
        after: nonEmpty.check(
          z.describe('Only images are taken that have succeeded in this environment; null: any image.'),
        ),
      }),
    ),
    null,
  ),
  onBusy: z._default(
    z
      .enum(busyAnswers)
      .check(z.describe('What a deployment does that finds another one at work on its service.')),
    'reject',
  ),
});

/** One database, what a service needs behind a load balancer, and what a pure worker cannot have. */
function unfit({
  traffic,
  database,
  slots,
  workers,
  maintenance,
  smokeTests,
  evidence,
}: z.infer<typeof shape>) {
  const found: { path: (string | number)[]; message: string }[] = [];
  const wants = (holds: boolean, path: (string | number)[], message: string) => {
    if (!holds) found.push({ path, message });
  };
  wants(
    database.instance !== undefined || database.cluster !== undefined,
    ['database', 'instance'],
    'expected the name of the RDS instance, or in database.cluster that of the Aurora cluster',
  );
  wants(
    database.instance === undefined || database.cluster === undefined,
    ['database', 'cluster'],
    'expected nothing beside database.instance: a database is an RDS instance or an Aurora cluster',
  );
  wants(
    database.readSecret === undefined || database.roles.length > 0,
    ['database', 'roles'],
    "expected the application's roles, at least the one of its secret, as the user of readSecret is none of them",
  );
  for (const [index, worker] of workers.entries()) {
    const name = workerName(worker);
    wants(
      workers.findIndex((one) => workerName(one) === name) === index,
      ['workers', index],
      `expected each worker once, received ${name} again`,
    );
    wants(
      worker.kind !== 'service' || SLOTS.every((slot) => slots[slot]?.service !== worker.service),
      ['workers', index],
      `expected what works beside the slots, received ${name}, which is one of them`,
    );
  }
  if (!traffic) {
    const worker = 'of a service without traffic, whose tasks are replaced in place';
    wants(!slots.b, ['slots', 'b'], `expected no second slot ${worker}`);
    wants(!slots.a.targetGroup, ['slots', 'a', 'targetGroup'], `expected no target group ${worker}`);
    wants(!maintenance, ['maintenance'], `expected null ${worker}: nobody would get the page`);
    for (const [index, test] of smokeTests.entries())
      wants(
        !('path' in test),
        ['smokeTests', index],
        `expected a function or a task ${worker}: it takes no requests`,
      );
    return found;
  }
  const rules = [traffic.testRule, ...rulesIn({ traffic })];
  for (const [index, rule] of traffic.otherRules.entries())
    wants(
      rules.indexOf(rule) === rules.length - traffic.otherRules.length + index,
      ['traffic', 'otherRules', index],
      'expected each rule once',
    );
  wants(slots.b !== undefined, ['slots', 'b'], 'expected a second slot behind the load balancer');
  for (const slot of SLOTS)
    for (const member of ['targetGroup', 'targetGroupFullName'] as const)
      wants(
        !slots[slot] || slots[slot][member] !== undefined,
        ['slots', slot, member],
        'expected the target group of the slot, as traffic is set',
      );
  for (const [index, { dimensions }] of evidence.metrics.entries())
    wants(
      dimensions.b !== undefined,
      ['evidence', 'metrics', index, 'dimensions', 'b'],
      'expected the dimensions of the second slot',
    );
  return found;
}

export const settingsSchema = shape.check((found) => {
  for (const { path, message } of unfit(found.value))
    found.issues.push({ code: 'custom', path, message, input: found.value });
});
export type Settings = z.infer<typeof settingsSchema>;
/** As a construct writes them: what has a default may be left out. */
export type SettingsInput = z.input<typeof settingsSchema>;
