import * as z from 'zod/mini';
import { claims } from '../../src/aws/journal';
import { manifests, readManifest } from '../../src/aws/manifests';
import { recordReader } from '../../src/aws/record';
import { weightsReader } from '../../src/aws/traffic';
import { fitsBlue } from '../../src/domain/database/maintenance-window';
import { type DataRecord, dataProblem } from '../../src/domain/database/row-record';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import type { Deployment } from '../../src/domain/deployment/deployment';
import { applicationName } from '../../src/domain/deployment/names';
import { assessDowns, takenBack } from '../../src/domain/migrations/downs';
import { waysOut } from '../../src/domain/migrations/pending';
import type { MigrationPlan } from '../../src/domain/migrations/plan';
import { classes } from '../../src/domain/migrations/types';
import { chooseRollbackResult, readJournalResult } from '../../src/domain/results/revert';
import {
  addedSince,
  type ClosedFor,
  chooseRollback as choose,
  halfApplied,
  type RollbackChoice,
  type RollbackFacts,
} from '../../src/domain/rollback/choice';
import { seedsBack, seedsRun } from '../../src/domain/seeds/proof';
import { strategies } from '../../src/domain/settings/choices';
import { readerOf, rolesIn } from '../../src/domain/settings/roles';
import type { Opened } from '../../src/domain/step/port';
import { nextPoll, overdue } from '../../src/domain/time/deadline';
import { isClosed } from '../../src/domain/traffic/weights';
import { rulesOf } from '../../src/migrations/history';
import { data } from '../../src/postgres/data';
import { database, type SchemaRead } from '../../src/postgres/database';
import { defineStep } from '../../src/runtime/define-step';

const uses = { database, manifests, data, claims, weightsReader, recordReader };

/** What a closed service has to be asked beyond its schema; undefined for one that was never to be closed. */
async function closedFor(
  { settings, id, strategy }: Deployment,
  plan: Pick<MigrationPlan, 'strategies' | 'classes'> | null,
  mayDiffer: boolean,
  ports: Opened<typeof uses>,
): Promise<ClosedFor | undefined> {
  if (strategy !== 'MAINTENANCE') return undefined;
  const [rule, recorded, rows] = await Promise.all([
    ports.weightsReader.of(settings),
    ports.recordReader.read(settings.service),
    ports.claims.claimed(id, 'data'),
  ]);
  const same = async (before: DataRecord) => {
    const now = await ports.data.again(readerOf(settings), before);
    return 'tables' in now && dataProblem(before, now) === undefined;
  };
  // closed now and closed as far as we know: what was opened in between is in the record
  const opened = !('weights' in rule && isClosed(rule.weights) && recorded && isClosed(recorded.weights));
  return {
    opened,
    fitsBlue: plan === null || fitsBlue(plan),
    sameData: mayDiffer && rows ? await same(rows) : undefined,
  };
}

/** Why, with what a person can do about what stands there: the tool's own way out, or the end of a session that stays. */
function said({ action, because }: RollbackChoice, facts: RollbackFacts, look: SchemaRead): string {
  if ('unreachable' in look) return `${because}: ${look.unreachable}`;
  if (action === 'wait') {
    const ends = look.backends.map((pid) => `SELECT pg_terminate_backend(${pid})`);
    return `${because}; what ends it: ${ends.join(', ')}`;
  }
  const half = action === 'operator' ? halfApplied(facts) : undefined;
  return [because, ...waysOut(look.leftovers, rulesOf(facts.tool), half)].join('; ');
}

/** Seeds of which a run was asked for, and how taking them back has ended. */
async function seedsOf({ id, settings }: Deployment, { claims }: Opened<typeof uses>) {
  const [asked, before, first, tried] = await Promise.all([
    claims.claimed(id, 'task-asked#seed'),
    claims.claimed(id, 'seeds-before'),
    claims.claimed(id, 'seeds-first'),
    claims.claimed(id, 'unseeded'),
  ]);
  return seedsBack(seedsRun(asked !== undefined, before, first), settings.seeds, tried);
}

export const chooseRollback = defineStep({
  name: 'ChooseRollback',
  uses,
  fence: 'renew',
  input: z.object({
    deployment: checkedDeployment,
    plan: z.nullable(
      z.object({
        strategies: z.array(z.enum(strategies)),
        classes: z.partialRecord(z.enum(classes), z.number()),
        pending: z.array(z.string()),
      }),
    ),
    progress: readJournalResult().shape.progress,
    since: z.iso.datetime(),
  }),
  output: chooseRollbackResult,
  async run({ deployment, plan, progress, since, now }, ports) {
    const { before, migration, migrated, usersOnGreen, cannotStart, contract } = progress;
    const { settings, id, manifest } = deployment;
    const { tool, revertCommand, opaque } = settings.migrations;
    const application = applicationName(id);
    const began = await ports.claims.claimed(id, 'first-look');
    // until the snapshot is available no statement runs: what was before still is
    const mayDiffer = before !== null && progress.protected;
    const look = mayDiffer
      ? await ports.database.look(readerOf(settings), settings.migrations, {
          application,
          roles: rolesIn(settings),
          since: began,
        })
      : undefined;
    const seen = look && !('unreachable' in look) ? look : undefined;
    const schema = mayDiffer ? seen?.schema : (before ?? undefined);
    const left = before && schema ? addedSince(before, schema) : [];
    const release =
      left.length > 0 && manifest ? await readManifest(ports.manifests, manifest.location) : undefined;
    const migrations = takenBack(release, before?.applied ?? [], left);
    const facts: RollbackFacts = {
      tool,
      started: migration !== null,
      migrated,
      usersOnGreen,
      contracted: contract !== null,
      before: before ?? undefined,
      now: schema,
      liveBackends: seen?.backends.length ?? 0,
      downs: await assessDowns({
        migrations,
        served: usersOnGreen,
        // a tool whose lock a killed run has left would refuse to take anything back
        canRevert: revertCommand.length > 0 && !seen?.leftovers.locked,
        opaque,
      }),
      // after a window the previous version is started on what stands
      revertSchema: settings.rollback.revertSchema && deployment.strategy !== 'MAINTENANCE',
      cannotStart,
      pending: plan?.pending ?? [],
      window: await closedFor(deployment, plan, mayDiffer, ports),
    };
    const choice = choose(facts);
    const late = overdue(since, now, settings.deadlines.rollbackSeconds);
    const stands = choice.action === 'keep' || choice.action === 'revert';
    const back = stands ? await seedsOf(deployment, ports) : { take: false, said: [] };
    const action = back.take ? 'revert' : choice.action === 'wait' && late ? 'operator' : choice.action;
    return {
      action,
      seeds: back.take,
      remark: back.take ? '' : back.said.join('; '),
      outcome: 'outcome' in choice ? choice.outcome : ('' as const),
      keepNewest: 'keepNewest' in choice ? choice.keepNewest : '',
      reverting: choice.action === 'revert' ? (migrations ?? []).map((one) => one.id) : [],
      // what is taken back is no expanded schema any more
      schemaKept: migrated && choice.action === 'keep',
      waitSeconds: nextPoll(since, now, settings.deadlines.rollbackSeconds),
      cause: [look ? said(choice, facts, look) : choice.because, ...back.said].join('; '),
    };
  },
});
