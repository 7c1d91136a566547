import * as z from 'zod';
import { manifests, readManifest } from '../../src/aws/manifests';
import { nextPoll, overdue } from '../../src/domain/deadline';
import { deploymentSchema } from '../../src/domain/deployment';
import { contractSchema, schemaStateSchema, taskSchema } from '../../src/domain/live';
import { applicationName } from '../../src/domain/marks';
import { judgeDowns, takenBack } from '../../src/domain/migrations/downs';
import { addedSince, chooseRollback as choose } from '../../src/domain/rollback';
import { database } from '../../src/postgres/database';
import { defineStep } from '../../src/runtime/define-step';

export const chooseRollback = defineStep({
  name: 'ChooseRollback',
  uses: { database, manifests },
  acts: 'watch',
  input: z.object({
    deployment: deploymentSchema,
    before: schemaStateSchema.nullable(),
    migration: taskSchema.nullable(),
    migrated: z.boolean(),
    usersOnGreen: z.boolean(),
    contract: contractSchema.nullable(),
    since: z.iso.datetime(),
  }),
  async run({ deployment, before, migration, migrated, usersOnGreen, contract, since, now }, ports) {
    const { settings, id, manifest } = deployment;
    const { tool, revertCommand, opaque } = settings.migrations;
    const look = before && (await ports.database.look(settings.database.secret, tool, applicationName(id)));
    const seen = look && !('unreachable' in look) ? look : undefined;
    const left = before && seen ? addedSince(before, seen.schema) : [];
    const release =
      left.length > 0 && manifest ? await readManifest(ports.manifests, manifest.location) : undefined;
    const migrations = takenBack(release, before?.applied ?? [], left);
    const choice = choose({
      tool,
      started: migration !== null,
      migrated,
      usersOnGreen,
      contracted: contract !== null,
      before: before ?? undefined,
      now: seen?.schema,
      liveBackends: seen?.backends ?? 0,
      downs: await judgeDowns({
        migrations,
        served: usersOnGreen,
        canRevert: revertCommand.length > 0,
        opaque,
      }),
      revertSchema: settings.rollback.revertSchema,
    });
    const late = overdue(since, now, settings.deadlines.rollbackSeconds);
    const action = choice.action === 'wait' && late ? 'operator' : choice.action;
    return {
      action,
      outcome: 'outcome' in choice ? choice.outcome : '',
      keepNewest: 'keepNewest' in choice ? choice.keepNewest : '',
      reverting: choice.action === 'revert' ? (migrations ?? []).map((one) => one.id) : [],
      // what is taken back is no expanded schema any more
      kept: migrated && choice.action === 'keep',
      waitSeconds: nextPoll(since, now, settings.deadlines.rollbackSeconds),
      cause: choice.because,
    };
  },
});
