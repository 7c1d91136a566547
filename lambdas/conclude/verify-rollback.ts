import * as z from 'zod/mini';
import { baselineOf } from '../../src/aws/baseline';
import { type FleetReader, fleetReader } from '../../src/aws/fleet';
import { type Claims, claims } from '../../src/aws/journal';
import { type HealthReader, healthReader, type WeightsReader, weightsReader } from '../../src/aws/traffic';
import { type WorkerReader, workerReader } from '../../src/aws/workers';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import type { Deployment } from '../../src/domain/deployment/deployment';
import { liveSchema, schemaStateSchema } from '../../src/domain/deployment/variables';
import { waysOut } from '../../src/domain/migrations/pending';
import { verifyRollbackResult } from '../../src/domain/results/conclude';
import { type SchemaState, schemaProblem } from '../../src/domain/rollback/choice';
import { readerOf, rolesIn } from '../../src/domain/settings/roles';
import type { Settings } from '../../src/domain/settings/settings';
import { serviceIn } from '../../src/domain/settings/slots';
import { nextPoll, overdue } from '../../src/domain/time/deadline';
import { allOn, describeWeights, sameWeights } from '../../src/domain/traffic/weights';
import { afterRevert, failures, validate } from '../../src/domain/validation';
import { workerName } from '../../src/domain/workers/settings';
import { rulesOf } from '../../src/migrations/history';
import { type Validation, validation } from '../../src/postgres/validation';
import { defineStep } from '../../src/runtime/define-step';

/** What is wrong: for a person, or only for now, because a database that has restarted and those who use it recover by themselves. */
interface Found {
  problems: string[];
  passing: string[];
  /** What is waited for, and no reason to call anybody when it does not come. */
  missing?: string[];
  /** What stands in the way of the migration tool's next run. */
  out?: string[];
}

/**
 * The database after the rollback. Where the migrations were taken back, their damage must be gone as well, not only their
 * schema; where they stay they were validated, and users have written since.
 */
async function databaseAfter(
  { id, settings }: Deployment,
  before: SchemaState,
  kept: boolean,
  ports: { claims: Claims; validation: Validation },
): Promise<Found> {
  const checks = kept ? [] : afterRevert(settings.validation);
  const { before: seen, touched } = await baselineOf(ports.claims, id);
  const now = await ports.validation.observe(readerOf(settings), {
    roles: rolesIn(settings),
    checks,
    history: settings.migrations,
    tables: touched.tables,
    before: seen,
  });
  if ('unreachable' in now)
    return { problems: [], passing: [`the database cannot be read (${now.unreachable})`] };
  const problem = schemaProblem(before, now.schema, kept);
  return {
    problems: [...(problem ? [problem] : []), ...failures(validate(checks, seen, now, { pending: [] }))],
    passing: [],
    out: waysOut(now.history, rulesOf(settings.migrations.tool)),
  };
}

/** Workers after the rollback: those that the deployment has changed run what they ran before. */
async function workersAfter(
  { id, settings: { cluster, workers } }: Deployment,
  ports: { claims: Claims; workerReader: WorkerReader },
): Promise<string[]> {
  const found = await Promise.all(
    workers.map(async (worker) => {
      const name = workerName(worker);
      const before = await ports.claims.claimed(id, `worker#${name}`);
      const now = before && (await ports.workerReader.now(cluster, worker));
      return before && now?.taskDefinition !== before.taskDefinition
        ? [`worker ${name} runs ${now?.taskDefinition} instead of ${before.taskDefinition}`]
        : [];
    }),
  );
  return found.flat();
}

/** Traffic and tasks after the rollback. Whether green still runs has StopGreen said. */
async function serviceAfter(
  settings: Settings,
  live: z.infer<typeof liveSchema>,
  ports: { weightsReader: WeightsReader; healthReader: HealthReader; fleetReader: FleetReader },
): Promise<Found> {
  const problems: string[] = [];
  const rule = await ports.weightsReader.of(settings);
  if ('strange' in rule) problems.push(rule.strange);
  else if (!sameWeights(rule.weights, allOn(live.slot)))
    problems.push(`the production rule's weights are ${describeWeights(rule.weights)}`);

  const blue = await ports.fleetReader.state(settings.cluster, serviceIn(settings, live.slot));
  if (blue?.taskDefinition !== live.taskDefinition)
    problems.push(`blue runs ${blue?.taskDefinition} instead of ${live.taskDefinition}`);
  const { healthy } = await ports.healthReader.of(settings, live.slot);
  const desired = blue?.desired ?? 0;
  return {
    problems,
    passing:
      healthy === 0 && !live.first && (settings.traffic || desired > 0)
        ? [`blue has no healthy ${settings.traffic ? 'target' : 'task'}`]
        : [],
    missing: healthy < desired ? [`blue has ${healthy} healthy of ${desired} tasks`] : [],
  };
}

export const verifyRollback = defineStep({
  name: 'VerifyRollback',
  uses: { weightsReader, healthReader, fleetReader, workerReader, claims, validation },
  fence: 'renew',
  input: z.object({
    deployment: checkedDeployment,
    live: liveSchema,
    before: z.nullable(schemaStateSchema),
    /** The migration ended well and its schema stays. */
    schemaKept: z.boolean(),
    since: z.iso.datetime(),
  }),
  output: verifyRollbackResult,
  async run({ deployment, live, before, schemaKept: kept, since, now }, ports) {
    const { settings } = deployment;
    const service = await serviceAfter(settings, live, ports);
    const database = before ? await databaseAfter(deployment, before, kept, ports) : undefined;
    const problems = [
      ...service.problems,
      ...(await workersAfter(deployment, ports)),
      ...(database?.problems ?? []),
    ];
    const passing = [...service.passing, ...(database?.passing ?? [])];
    const missing = service.missing ?? [];
    // stopping green may have taken all of its time
    const late = overdue(since, now, 2 * settings.deadlines.rollbackSeconds);
    const schema = before ? (kept ? 'expanded' : 'as before') : 'untouched';
    const unproven = [...problems, ...passing, ...(late ? [] : missing)].length > 0;
    const failed = problems.length > 0 || late !== undefined;
    return {
      status: !unproven ? ('verified' as const) : failed ? ('failed' as const) : ('waiting' as const),
      waitSeconds: nextPoll(since, now, settings.deadlines.rollbackSeconds),
      schema: [schema, ...(database?.out ?? [])].join('; '),
      cause: [...problems, ...passing, ...missing].join('; '),
    };
  },
});
