import * as z from 'zod';
import { claims } from '../../src/aws/journal';
import { manifests, readManifest } from '../../src/aws/manifests';
import { recordReader } from '../../src/aws/record';
import { weightsReader } from '../../src/aws/traffic';
import { type DataRecord, dataProblem } from '../../src/domain/data';
import { nextPoll, overdue } from '../../src/domain/deadline';
import { type Deployment, deploymentSchema } from '../../src/domain/deployment';
import { contractSchema, schemaStateSchema, taskSchema } from '../../src/domain/live';
import { applicationName } from '../../src/domain/marks';
import type { MigrationPlan } from '../../src/domain/migrations/decide';
import { judgeDowns, takenBack } from '../../src/domain/migrations/downs';
import { classes } from '../../src/domain/migrations/types';
import type { Opened } from '../../src/domain/port';
import { addedSince, type ClosedFor, chooseRollback as choose } from '../../src/domain/rollback';
import { strategies } from '../../src/domain/settings';
import { isClosed } from '../../src/domain/weights';
import { fitsBlue } from '../../src/domain/window';
import { data } from '../../src/postgres/data';
import { database } from '../../src/postgres/database';
import { defineStep } from '../../src/runtime/define-step';

const uses = { database, manifests, data, claims, weightsReader, recordReader };

/** What a closed service has to be asked beyond its schema; undefined for one that was never to be closed. */
async function closedFor(
  { settings, id, strategy }: Deployment,
  plan: Pick<MigrationPlan, 'strategies' | 'classes'> | null,
  ports: Opened<typeof uses>,
): Promise<ClosedFor | undefined> {
  if (strategy !== 'MAINTENANCE') return undefined;
  const [rule, recorded, rows] = await Promise.all([
    ports.weightsReader.of(settings.traffic.productionRule, settings),
    ports.recordReader.read(settings.service),
    ports.claims.claimed<DataRecord>(id, 'data'),
  ]);
  const same = async (before: DataRecord) => {
    const now = await ports.data.again(settings.database.secret, before);
    return 'tables' in now && dataProblem(before, now) === undefined;
  };
  // closed now and closed as far as we know: what was opened in between is in the record
  const opened = !('weights' in rule && isClosed(rule.weights) && recorded && isClosed(recorded.weights));
  return {
    opened,
    fitsBlue: plan === null || fitsBlue(plan),
    sameData: rows && (await same(rows)),
  };
}

export const chooseRollback = defineStep({
  name: 'ChooseRollback',
  uses,
  acts: 'watch',
  input: z.object({
    deployment: deploymentSchema,
    before: schemaStateSchema.nullable(),
    plan: z
      .object({
        strategies: z.array(z.enum(strategies)),
        classes: z.partialRecord(z.enum(classes), z.number()),
      })
      .nullable(),
    migration: taskSchema.nullable(),
    migrated: z.boolean(),
    usersOnGreen: z.boolean(),
    contract: contractSchema.nullable(),
    since: z.iso.datetime(),
  }),
  async run({ deployment, before, plan, migration, migrated, usersOnGreen, contract, since, now }, ports) {
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
      // after a window the version before is started on what stands
      revertSchema: settings.rollback.revertSchema && deployment.strategy !== 'MAINTENANCE',
      window: await closedFor(deployment, plan, ports),
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
