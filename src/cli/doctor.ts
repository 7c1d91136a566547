import { alarmExaminer, alarmReader } from '../aws/alarms';
import { listenerCounter } from '../aws/announcements';
import { bucketExaminer } from '../aws/buckets';
import { databaseExaminer } from '../aws/databases';
import { executionReader } from '../aws/executions';
import { fleetReader, taskDefinitionReader } from '../aws/fleet';
import { functionExaminer } from '../aws/functions';
import { images } from '../aws/images';
import { journalReader } from '../aws/journal';
import { recordReader, servingDatabase } from '../aws/record';
import { boundsReader } from '../aws/scaling';
import { secretExaminer } from '../aws/secrets';
import { allSettings } from '../aws/settings';
import { lockReader } from '../aws/takeover';
import { healthReader } from '../aws/traffic';
import { trafficExaminer } from '../aws/traffic-examiner';
import { workerReader } from '../aws/workers';
import { findWorkflow, type Whereabouts } from '../aws/workflow';
import { familyOf, imageIn, isGone, type TaskDefinition } from '../domain/deployment/task-definition';
import { databaseFindings } from '../domain/doctor/database';
import { byWeight, type Finding } from '../domain/doctor/finding';
import { keyFindings } from '../domain/doctor/keys';
import { migrationFindings } from '../domain/doctor/migrations';
import { releaseFindings } from '../domain/doctor/release';
import { taskFindings } from '../domain/doctor/tasks';
import { trafficFindings } from '../domain/doctor/traffic';
import { alarmFindings, functionFindings, hearingFindings } from '../domain/doctor/workflow';
import { progressOf } from '../domain/recovery/progress';
import { imageParts, repositoryName } from '../domain/request/image-reference';
import type { Slot } from '../domain/settings/choices';
import { databaseIn } from '../domain/settings/database';
import { secretsIn } from '../domain/settings/roles';
import type { Settings } from '../domain/settings/settings';
import { serviceIn, slotsIn } from '../domain/settings/slots';
import { readSettings } from '../domain/settings/stored';
import type { Environment } from '../domain/step/port';
import { shown } from '../domain/text/printable';
import { strangeRule } from '../domain/traffic/standing';
import type { WorkerFound } from '../domain/workers/moves';
import { print } from './print';

interface DoctorOptions {
  service?: string;
  workflow: string;
  json?: true;
}
/** What was found of a service, or of the workflow itself. */
interface Examined {
  of: string;
  findings: Finding[];
}

/** A part that may not be looked at is no reason to leave out the others. */
async function looked(about: string, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    const { name, message } = error as Error;
    return [{ about, weight: 'unseen', says: `this was not looked at: ${name}: ${message}` }];
  }
}

/** A task definition, or the newest revision of a family; undefined where there is none. Amazon ECS calls that a client's mistake. */
async function described(workflow: Environment, name: string): Promise<TaskDefinition | undefined> {
  try {
    return await taskDefinitionReader.open(workflow).describe(name);
  } catch (error) {
    if ((error as Error).name === 'ClientException') return undefined;
    throw error;
  }
}

async function workersOf(workflow: Environment, { cluster, workers }: Settings): Promise<WorkerFound[]> {
  const reader = workerReader.open(workflow);
  return Promise.all(
    workers.map(async (worker) => {
      const stands = await reader.now(cluster, worker);
      const [runs, from] = await Promise.all([
        stands && described(workflow, stands.taskDefinition),
        stands && described(workflow, worker.taskDefinition ?? familyOf(stands.taskDefinition)),
      ]);
      return {
        worker,
        stands,
        inactive: runs ? isGone(runs) : false,
        containers: (from?.containerDefinitions ?? []).map(({ name }) => name),
      };
    }),
  );
}

/** Something of each slot, where there is something. */
async function bySlot<T>(settings: Settings, read: (slot: Slot) => Promise<T | undefined>) {
  const found = await Promise.all(slotsIn(settings).map(async (slot) => [slot, await read(slot)] as const));
  return Object.fromEntries(found.filter(([, one]) => one !== undefined)) as Partial<Record<Slot, T>>;
}

/** The previous version, which the newest release has replaced, and whether its image is still there; undefined where nothing was released. */
async function previousOf(workflow: Environment, settings: Settings, deployment: string | undefined) {
  const live = deployment && progressOf(await journalReader.open(workflow).rows(deployment))?.variables.live;
  if (!live) return undefined;
  const definition = await described(workflow, live.taskDefinition);
  const image = live.image ?? (definition && imageIn(definition, settings.container));
  if (!image) return undefined;
  const reference = imageParts(image).reference;
  const digest = await images.open(workflow).digest(repositoryName(settings.repository), reference);
  return { image, kept: digest !== undefined };
}

async function examine(workflow: Environment, stack: string, settings: Settings): Promise<Finding[]> {
  const { service, cluster } = settings;
  const now = new Date();
  const recorded = await recordReader.open(workflow).read(service);
  const traffic = trafficExaminer.open(workflow);
  const healthy = () =>
    bySlot(settings, async (slot) => {
      try {
        return (await healthReader.open(workflow).of(settings, slot)).healthy;
      } catch (error) {
        // which is a finding of its own
        if ((error as Error).name === 'TargetGroupNotFoundException') return undefined;
        throw error;
      }
    });
  const fleets = () =>
    bySlot(settings, (slot) => fleetReader.open(workflow).state(cluster, serviceIn(settings, slot)));
  const parts = [
    looked('traffic', async () => {
      const [{ production: rule, test }, groups] = await Promise.all([
        traffic.rules(settings),
        traffic.groups(settings),
      ]);
      return trafficFindings({ settings, rule, test, recorded, groups, healthy: await healthy() });
    }),
    looked('tasks', async () => {
      const { production } = await traffic.rules(settings);
      const standing = strangeRule(settings, production, recorded);
      const live = 'slot' in standing ? standing.slot : recorded?.slot;
      const [seen, targets, bounds, workers] = await Promise.all([
        fleets(),
        healthy(),
        boundsReader.open(workflow).of(settings),
        workersOf(workflow, settings),
      ]);
      const runs = live && seen[live]?.taskDefinition;
      const family = settings.taskDefinition ?? (runs ? familyOf(runs) : '');
      const [running, newest] = await Promise.all([
        runs ? described(workflow, runs) : undefined,
        family ? described(workflow, family) : undefined,
      ]);
      const definitions = { running, newest, family };
      return taskFindings({
        ...{ settings, live, fleets: seen, healthy: targets, recorded, bounds, workers, now },
        ...definitions,
      });
    }),
    looked('release', async () => {
      const held = await lockReader.open(workflow).read(service);
      const driver = held && (await executionReader.open(workflow).state(held.execution));
      return releaseFindings({
        settings,
        stack,
        held,
        driverRuns: driver === 'running',
        previous: await previousOf(workflow, settings, recorded?.deployment),
        alarms: await alarmReader.open(workflow).now(settings.evidence.alarms),
      });
    }),
    looked('migrations', async () =>
      migrationFindings(settings, await described(workflow, settings.migrations.taskDefinition)),
    ),
    looked('database', async () => {
      const database = databaseIn(settings, await servingDatabase.open(workflow).read(service));
      const [found, ...secrets] = await Promise.all([
        databaseExaminer.open(workflow).of(database),
        ...secretsIn(settings).map(async (name) => ({
          name,
          seen: await secretExaminer.open(workflow).of(name),
        })),
      ]);
      return databaseFindings({ database, found, secrets, now });
    }),
    looked('keys', async () => {
      const serving = databaseIn(settings, await servingDatabase.open(workflow).read(service));
      const { readSecret } = settings.database;
      const reader = readSecret ? secretExaminer.open(workflow).of(readSecret) : undefined;
      const [database, secret, read, manifests] = await Promise.all([
        databaseExaminer.open(workflow).of(serving),
        secretExaminer.open(workflow).of(settings.database.secret),
        reader,
        bucketExaminer.open(workflow).keyOf(settings.migrations.manifests),
      ]);
      return keyFindings(settings, {
        ...{ database: database?.key, secret: secret?.key, readSecret: read?.key, manifests },
      });
    }),
  ];
  return (await Promise.all(parts)).flat();
}

const WORDS = { stops: 'STOPS', unseen: 'UNSEEN', risks: 'risks' };

function textOf({ of, findings }: Examined): string {
  if (findings.length === 0) return `${of}: nothing stands in the way`;
  return [
    `${of}:`,
    ...byWeight(findings).map(
      ({ about, weight, says }) => `  ${WORDS[weight].padEnd(6)}  ${about.padEnd(10)}  ${says}`,
    ),
  ].join('\n');
}

/** Whether anybody hears of deployments, and of what the alarms are about. */
async function whoHears(workflow: Whereabouts): Promise<Finding[]> {
  const seen = await alarmExaminer.open(workflow).actions(workflow.alarms);
  const told = seen.flatMap(({ actions }) => actions).filter((action) => action.split(':')[2] === 'sns');
  const topics = [...new Set([workflow.topic, ...told])];
  const heard = await Promise.all(
    topics.map(async (topic) => [topic, await listenerCounter.open({ ...workflow, topic }).count()] as const),
  );
  const silent = heard.flatMap(([topic, { confirmed }]) => (confirmed === 0 ? [topic] : []));
  return [
    ...heard.flatMap(([topic, count]) => (topic === workflow.topic ? hearingFindings(topic, count) : [])),
    // of the workflow's own topic that says it already
    ...alarmFindings(
      workflow.alarms,
      seen,
      silent.filter((topic) => topic !== workflow.topic),
    ),
  ];
}

/** The settings of each service; or what is wrong with them, under the service's own name where it has one. */
async function stored(workflow: Environment, named: string | undefined) {
  const texts = await allSettings.open(workflow).all();
  const all = texts.map((text) => {
    const { service } = JSON.parse(text) as { service?: unknown };
    return {
      name: typeof service === 'string' ? service : shown(service),
      read: readSettings(text, 'settings'),
    };
  });
  const wanted = all.filter(({ name }) => named === undefined || name === named);
  if (named !== undefined && wanted.length === 0)
    throw new Error(
      `there is no service ${shown(named)}, there are ${all
        .map(({ name }) => name)
        .sort()
        .join(', ')}`,
    );
  return wanted.sort((one, other) => one.name.localeCompare(other.name));
}

/** What stands in the way of the workflow, and of one of its services or of each. */
export async function examined(
  workflow: Whereabouts,
  stack: string,
  service: string | undefined,
): Promise<Examined[]> {
  const services = await stored(workflow, service);
  const own = await Promise.all([
    looked('people', () => whoHears(workflow)),
    looked('functions', async () => functionFindings(await functionExaminer.open(workflow).all())),
  ]);
  const all: Examined[] = [{ of: `workflow ${stack}`, findings: own.flat() }];
  // one after the other: all services of an account share what AWS answers in a second
  for (const { name, read } of services)
    all.push({
      of: name,
      findings:
        'settings' in read
          ? await examine(workflow, stack, read.settings)
          : read.problems.map((says) => ({ about: 'settings', weight: 'stops', says })),
    });
  return all;
}

export async function doctor({ service, workflow: stack, json }: DoctorOptions): Promise<number> {
  const workflow = await findWorkflow(stack);
  const all = await examined(workflow, stack, service);
  const sure = all.every(({ findings }) => findings.every(({ weight }) => weight === 'risks'));
  if (json)
    print(
      JSON.stringify(
        all.map(({ of, findings }) => ({ of, findings: byWeight(findings) })),
        null,
        2,
      ),
    );
  else {
    print(all.map(textOf).join('\n\n'));
    print(
      '\nnothing was changed, and nobody sees into the databases from here: greenlight deploy --dry-run does that',
    );
  }
  return sure ? 0 : 1;
}
