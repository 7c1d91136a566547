import * as z from 'zod';
import { nextPoll, overdue } from '../../src/domain/deadline';
import { deploymentSchema } from '../../src/domain/deployment';
import { schemaStateSchema, taskSchema } from '../../src/domain/live';
import { applicationName } from '../../src/domain/marks';
import { chooseRollback as choose } from '../../src/domain/rollback';
import { database } from '../../src/postgres/database';
import { defineStep } from '../../src/runtime/define-step';

export const chooseRollback = defineStep({
  name: 'ChooseRollback',
  uses: { database },
  acts: 'watch',
  input: z.object({
    deployment: deploymentSchema,
    before: schemaStateSchema.nullable(),
    migration: taskSchema.nullable(),
    migrated: z.boolean(),
    since: z.iso.datetime(),
  }),
  async run({ deployment, before, migration, migrated, since, now }, ports) {
    const { settings, id } = deployment;
    const look =
      before &&
      (await ports.database.look(settings.database.secret, settings.migrations.tool, applicationName(id)));
    const seen = look && !('unreachable' in look) ? look : undefined;
    const choice = choose({
      started: migration !== null,
      migrated,
      before: before ?? undefined,
      now: seen?.schema,
      liveBackends: seen?.backends ?? 0,
      canRevert: settings.migrations.revertCommand.length > 0,
    });
    const late = overdue(since, now, settings.deadlines.rollbackSeconds);
    const action = choice.action === 'wait' && late ? 'operator' : choice.action;
    return {
      action,
      outcome: 'outcome' in choice ? choice.outcome : '',
      keepNewest: 'keepNewest' in choice ? choice.keepNewest : '',
      kept: migrated,
      waitSeconds: nextPoll(since, now, settings.deadlines.rollbackSeconds),
      cause: choice.because,
    };
  },
});
