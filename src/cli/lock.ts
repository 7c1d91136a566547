import { executionArn, executionReader } from '../aws/executions';
import { journal, journalReader } from '../aws/journal';
import type { Held } from '../aws/lock-row';
import { lockReader, lockReleaser } from '../aws/takeover';
import { taskFinder } from '../aws/tasks';
import { findWorkflow } from '../aws/workflow';
import { startedBy, testMark } from '../domain/deployment/names';
import { isTask } from '../domain/evidence/smoke-tests';
import { type LockFacts, mayRelease } from '../domain/lock/release';
import { redacted, redaction } from '../domain/privacy/redaction';
import { RECOVERIES, reconcile, recoveryName, rollbackName } from '../domain/recovery/reconcile';
import { LOCK_RELEASED } from '../domain/results/row';
import type { Settings } from '../domain/settings/settings';
import type { Environment } from '../domain/step/port';
import { print } from './print';
import { whoAndWhy } from './said';
import { servicesOf } from './services';

interface ShowOptions {
  service?: string;
  workflow: string;
  json?: true;
}
interface ReleaseOptions {
  service: string;
  workflow: string;
  reason: string;
  by?: string;
  json?: true;
}

/** Every execution that there can be of the holder: its own, its recoveries, and the rollbacks that people have asked for. */
async function executionsOf(
  workflow: Environment,
  { holder, execution }: Held,
): Promise<LockFacts['executions']> {
  const arnOf = (name: string) => executionArn(workflow, name);
  const reader = executionReader.open(workflow);
  const state = async (one: string) => ({ execution: one, state: await reader.state(one) });
  const recoveries = Array.from({ length: RECOVERIES }, (_, index) => arnOf(recoveryName(holder, index + 1)));
  const found = await Promise.all([...new Set([execution, arnOf(holder), ...recoveries])].map(state));
  for (let attempt = 1; ; attempt++) {
    const rollback = await state(arnOf(rollbackName(holder, attempt)));
    if (rollback.state === 'unknown') return found;
    if (rollback.execution !== execution) found.push(rollback);
  }
}

async function tasksOf(
  workflow: Environment,
  { cluster, smokeTests }: Settings,
  holder: string,
): Promise<string[]> {
  const kinds = ['migrate', 'contract', 'revert', 'trial'] as const;
  const tests = smokeTests.filter(isTask).map((_, index) => testMark(index, holder));
  const finder = taskFinder.open(workflow);
  const marks = [...kinds.map((kind) => startedBy(kind, holder)), ...tests];
  return (await Promise.all(marks.map((mark) => finder.running(cluster, mark)))).flat();
}

/** The lock as it stands, and all that could be at work under it. */
async function look(workflow: Environment, stack: string, settings: Settings) {
  const { service, cluster } = settings;
  const held = await lockReader.open(workflow).read(service);
  const executions = held ? await executionsOf(workflow, held) : [];
  const stateOf = (execution: string) =>
    executions.find((one) => one.execution === execution)?.state ?? 'unknown';
  const arnOf = (name: string) => executionArn(workflow, name);
  const facts: LockFacts = {
    service,
    cluster,
    held,
    executions: executions.filter(({ state }) => state !== 'unknown'),
    tasks: held ? await tasksOf(workflow, settings, held.holder) : [],
    reconciliation: reconcile({
      held,
      driver: held ? stateOf(held.execution) : 'over',
      recoveries: held
        ? Array.from({ length: RECOVERIES }, (_, index) =>
            stateOf(arnOf(recoveryName(held.holder, index + 1))),
          )
        : [],
      now: new Date(),
    }),
    stack,
  };
  return { held, facts, release: mayRelease(facts) };
}

function text({ held, facts, release }: Awaited<ReturnType<typeof look>>): string {
  if (!held) return release.because;
  return [
    `deployment ${held.holder} holds the lock of ${facts.service}, number ${held.fence}, until ${held.expires}`,
    ...facts.executions.map(
      ({ execution, state }) => `  execution  ${execution} ${state === 'running' ? 'runs' : 'is over'}`,
    ),
    ...facts.tasks.map((task) => `  task       ${task} runs`),
    `  release    ${release.yes ? 'yes' : 'no'}: ${release.because}`,
  ].join('\n');
}

export async function showLock({ service, workflow: stack, json }: ShowOptions): Promise<number> {
  const workflow = await findWorkflow(stack);
  const seen: Awaited<ReturnType<typeof look>>[] = [];
  for (const settings of await servicesOf(workflow, service))
    seen.push(await look(workflow, stack, settings));
  if (json) {
    const documents = seen.map(({ held = null, facts: { service, executions, tasks }, release }) => ({
      service,
      held,
      executions,
      tasks,
      release,
    }));
    print(JSON.stringify(documents, null, 2));
  } else print(seen.map(text).join('\n'));
  return 0;
}

/** Behind the newest row, also where this machine's clock is behind the one that wrote it. */
const later = (now: Date, latest: string): string =>
  now.toISOString() > latest ? now.toISOString() : new Date(Date.parse(latest) + 1).toISOString();

/** Frees a lock, with the proof that nothing works under it any more, and writes down who did it and why. */
export async function releaseLock(options: ReleaseOptions): Promise<number> {
  const { workflow: stack, service } = options;
  const given = whoAndWhy(options);
  const workflow = await findWorkflow(stack);
  const said = redacted(given, redaction(workflow.redact));
  const [settings] = await servicesOf(workflow, service);
  const { held, release } = await look(workflow, stack, settings!);
  if (!held || !release.yes) throw new Error(`the lock is kept: ${release.because}`);
  if (!(await lockReleaser.open(workflow).release(service, held)))
    throw new Error(
      `the lock of ${service} has changed meanwhile; look at it again: npx greenlight lock show ${service} --workflow ${stack}`,
    );
  const latest = (await journalReader.open(workflow).rows(held.holder)).at(-1)?.at ?? '';
  const at = later(new Date(), latest);
  const row = { deployment: held.holder, step: LOCK_RELEASED, phase: 'escalate', at, result: said };
  await journal.open(workflow).write(row);
  if (options.json) print(JSON.stringify({ service, released: held, ...said, at }, null, 2));
  else print(`the lock of ${service} is free: ${release.because}`);
  return 0;
}
