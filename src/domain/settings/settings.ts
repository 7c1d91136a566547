import * as z from 'zod/mini';
import { ownEvidenceSchema } from '../evidence/own';
import { smokeTestSchema } from '../evidence/smoke-tests';
import { serviceThresholdsSchema } from '../evidence/thresholds';
import { arnOf, nonEmpty, serviceName } from '../text/schemas';
import { streamsSchema } from '../traffic/streams';
import { levels } from '../validation/check';
import { workerName, workerSchema } from '../workers/settings';
import { askable, busyAnswers, SLOTS } from './choices';
import { databaseSchema, keysSchema } from './database-schema';
import { maintenanceSchema, migrationsSchema } from './migrations-schema';
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
import { seedsSchema } from './seeds-schema';
import { slotSchema, trafficSchema } from './traffic-schema';
import { windowsSchema } from './windows-schema';

/**
 * What a service needs to be deployed: where it lives, and the defaults of its deployments. Written by
 * the `DeploymentWorkflow` construct into one SSM parameter per service; a request names only the service.
 */

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
    .strictObject({ a: slotSchema, b: z.optional(slotSchema) })
    .check(z.describe('Two, which trade the roles of blue and green; of a pure worker `a` alone.')),
  traffic: trafficSchema,
  database: databaseSchema,
  keys: keysSchema,
  migrations: migrationsSchema,
  seeds: z.prefault(seedsSchema, {}),
  maintenance: maintenanceSchema,
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
      z.describe(
        'What green is asked before any user does: requests and functions (smoke), tasks of the service (integration), and waves of requests (performance).',
      ),
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
  windows: z.prefault(windowsSchema, {}),
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
  seeds,
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
  wants(
    seeds.command.length > 0 || seeds.revertCommand.length === 0,
    ['seeds', 'command'],
    'expected what brings the data, as seeds.revertCommand takes them back',
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
        !('path' in test || 'performance' in test),
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
