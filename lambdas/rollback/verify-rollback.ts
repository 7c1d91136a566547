import * as z from 'zod';
import { fleetReader } from '../../src/aws/fleet';
import { healthReader, weightsReader } from '../../src/aws/traffic';
import { deploymentSchema } from '../../src/domain/deployment';
import { liveSchema, schemaStateSchema } from '../../src/domain/live';
import { applicationName } from '../../src/domain/marks';
import { schemaProblem } from '../../src/domain/rollback';
import { otherSlot } from '../../src/domain/settings';
import { allOn, describeWeights, sameWeights } from '../../src/domain/weights';
import { database } from '../../src/postgres/database';
import { defineStep } from '../../src/runtime/define-step';

export const verifyRollback = defineStep({
  name: 'VerifyRollback',
  uses: { weightsReader, healthReader, fleetReader, database },
  input: z.object({
    deployment: deploymentSchema,
    live: liveSchema,
    before: schemaStateSchema.nullable(),
    /** The migration ended well and its schema stays. */
    kept: z.boolean(),
  }),
  async run({ deployment, live, before, kept }, ports) {
    const { settings, id } = deployment;
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

    if (before) {
      const look = await ports.database.look(
        settings.database.secret,
        settings.migrations.tool,
        applicationName(id),
      );
      const problem =
        'unreachable' in look
          ? `the database cannot be read (${look.unreachable})`
          : schemaProblem(before, look.schema, kept);
      if (problem) problems.push(problem);
    }
    return {
      verified: problems.length === 0,
      schema: before ? (kept ? 'expanded' : 'as before') : 'untouched',
      cause: problems.join('; '),
    };
  },
});
