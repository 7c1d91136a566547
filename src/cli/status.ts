import { executionLister, executionReader } from '../aws/executions';
import { fleetReader } from '../aws/fleet';
import { journalReader } from '../aws/journal';
import { recordReader } from '../aws/record';
import { lockReader } from '../aws/takeover';
import { weightsReader } from '../aws/traffic';
import { findWorkflow } from '../aws/workflow';
import {
  type ServiceStatus,
  type StatusFacts,
  statusOf,
  statusText,
  type WaitingDeployment,
  waitingIn,
} from '../domain/report/status';
import type { Settings } from '../domain/settings/settings';
import { serviceIn, slotsIn } from '../domain/settings/slots';
import type { Environment } from '../domain/step/port';
import { print } from './print';
import { servicesOf } from './services';

interface StatusOptions {
  service?: string;
  workflow: string;
  json?: true;
}

/** What is read of a service, for its status. */
export async function standingOf(
  workflow: Environment,
  stack: string,
  settings: Settings,
  waiting: WaitingDeployment[] = [],
): Promise<StatusFacts> {
  const { service, cluster } = settings;
  const reader = fleetReader.open(workflow);
  const [recorded, held, rule, fleets] = await Promise.all([
    recordReader.open(workflow).read(service),
    lockReader.open(workflow).read(service),
    weightsReader.open(workflow).of(settings),
    Promise.all(
      slotsIn(settings).map(async (slot) => ({
        slot,
        fleet: await reader.state(cluster, serviceIn(settings, slot)),
      })),
    ),
  ]);
  const journal = journalReader.open(workflow);
  const rowsOf = async (deployment: string | undefined) =>
    deployment === undefined ? [] : journal.rows(deployment);
  const driver = held && (await executionReader.open(workflow).state(held.execution));
  return {
    settings,
    now: new Date(),
    stack,
    recorded,
    rule,
    fleets,
    held,
    driverRuns: driver === 'running',
    released: await rowsOf(recorded?.deployment),
    running: await rowsOf(held?.holder),
    waiting: waiting.filter((one) => one.service === service),
  };
}

/** They hold no lock that would name them. */
async function waitingDeployments(workflow: Environment): Promise<WaitingDeployment[]> {
  const journal = journalReader.open(workflow);
  const found: (WaitingDeployment | undefined)[] = [];
  for await (const { name } of executionLister.open(workflow).newest(undefined, 'RUNNING'))
    found.push(waitingIn(name, await journal.rows(name)));
  return found.filter((one) => one !== undefined);
}

export async function status({ service, workflow: stack, json }: StatusOptions): Promise<number> {
  const workflow = await findWorkflow(stack);
  const all: ServiceStatus[] = [];
  const waiting = await waitingDeployments(workflow);
  // one after the other: all services of an account share what AWS answers in a second
  for (const settings of await servicesOf(workflow, service))
    all.push(statusOf(await standingOf(workflow, stack, settings, waiting)));
  print(json ? JSON.stringify(all, null, 2) : all.map(statusText).join('\n\n'));
  return 0;
}
