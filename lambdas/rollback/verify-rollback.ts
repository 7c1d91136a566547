import * as z from 'zod';
import { baselineOf } from '../../src/aws/baseline';
import { fleetReader } from '../../src/aws/fleet';
import { type Claims, claims } from '../../src/aws/journal';
import { healthReader, weightsReader } from '../../src/aws/traffic';
import { type Deployment, deploymentSchema } from '../../src/domain/deployment';
import { liveSchema, schemaStateSchema } from '../../src/domain/live';
import { type SchemaState, schemaProblem } from '../../src/domain/rollback';
import { otherSlot } from '../../src/domain/settings';
import { afterRevert, failures, validate } from '../../src/domain/validation';
import { allOn, describeWeights, sameWeights } from '../../src/domain/weights';
import { type Validation, validation } from '../../src/postgres/validation';
import { defineStep } from '../../src/runtime/define-step';

/**
 * What is wrong with the database after the way back. Where the migrations were taken back, their damage must be gone as
 * well, not only their schema; where they stay they were validated, and users have written since.
 */
async function databaseProblems(
  { id, settings }: Deployment,
  before: SchemaState,
  kept: boolean,
  ports: { claims: Claims; validation: Validation },
): Promise<string[]> {
  const checks = kept ? [] : afterRevert(settings.validation);
  const { before: seen, touched } = await baselineOf(ports.claims, id);
  const now = await ports.validation.observe(settings.database.secret, {
    checks,
    tool: settings.migrations.tool,
    tables: touched.tables,
    before: seen,
  });
  if ('unreachable' in now) return [`the database cannot be read (${now.unreachable})`];
  const problem = schemaProblem(before, now.schema, kept);
  return [...(problem ? [problem] : []), ...failures(validate(checks, seen, now, { pending: [] }))];
}

export const verifyRollback = defineStep({
  name: 'VerifyRollback',
  uses: { weightsReader, healthReader, fleetReader, claims, validation },
  input: z.object({
    deployment: deploymentSchema,
    live: liveSchema,
    before: schemaStateSchema.nullable(),
    /** The migration ended well and its schema stays. */
    kept: z.boolean(),
  }),
  async run({ deployment, live, before, kept }, ports) {
    const { settings } = deployment;
    const problems: string[] = [];
    const rule = await ports.weightsReader.of(settings.traffic.productionRule, settings);
    if ('strange' in rule) problems.push(rule.strange);
    else if (!sameWeights(rule.weights, allOn(live.slot)))
      problems.push(`the production rule's weights are ${describeWeights(rule.weights)}`);

    const health = await ports.healthReader.of(settings, live.slot);
    if (health.healthy === 0) problems.push('blue has no healthy target');
    const blue = await ports.fleetReader.state(settings.cluster, settings.slots[live.slot].service);
    if (blue?.taskDefinition !== live.taskDefinition)
      problems.push(`blue runs ${blue?.taskDefinition} instead of ${live.taskDefinition}`);
    const green = await ports.fleetReader.state(
      settings.cluster,
      settings.slots[otherSlot(live.slot)].service,
    );
    if (green && green.running > 0) problems.push(`green still runs ${green.running} tasks`);

    if (before) problems.push(...(await databaseProblems(deployment, before, kept, ports)));
    return {
      verified: problems.length === 0,
      schema: before ? (kept ? 'expanded' : 'as before') : 'untouched',
      cause: problems.join('; '),
    };
  },
});
