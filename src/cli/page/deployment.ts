import { controlReader } from '../../aws/controls';
import { type ExecutionTrace, executionArn, executionDetails, executionTracer } from '../../aws/executions';
import { journalReader } from '../../aws/journal';
import { metrics } from '../../aws/metrics';
import { answering } from '../../aws/questions';
import { lockReader } from '../../aws/takeover';
import type { Seen } from '../../domain/page/seen';
import { MOST_PERIODS } from '../../domain/page/traffic';
import { viewOf } from '../../domain/page/view';
import { resumedBy } from '../../domain/recovery/progress';
import { serviceOf } from '../../domain/report';
import type { Settings } from '../../domain/settings/settings';
import { slotsIn } from '../../domain/settings/slots';
import type { Environment } from '../../domain/step/port';
import { servicesOf } from '../services';
import { standingOf } from '../status';
import type { Parts } from './channel';
import { drawingsOf } from './graph';

/** How often the history is asked for news: with the call itself an event is on the page within half a second. */
export const LOOK_MS = 300;
/** How often the rest is looked at when the history says nothing: answers and pauses of others, the rule, the tasks. */
const REST_MS = 2000;
/** So much of what was published before a deployment and after it is shown. */
const AROUND_MS = 900_000;
/** Metrics cost by the call; a period is no news before it is over. */
const metricsMs = ({ thresholds }: Settings) => Math.max(REST_MS, thresholds.periodSeconds * 250);

/** What was read of a deployment, with the history of the execution that drives it. */
export interface Looked {
  seen: Seen;
  /** Undefined where Step Functions does not know it. */
  trace: ExecutionTrace | undefined;
}

/** What a page shows of it, part by part. */
export const partsOf = ({ seen, trace }: Looked): Parts => ({
  ...viewOf(seen),
  ...(trace ? drawingsOf(trace.definition, trace.events, trace.running) : {}),
});

/** Looks at a deployment; called again and again, it asks for what may have changed. */
export function deploymentLook(workflow: Environment, stack: string, deployment: string) {
  const tracer = executionTracer.open(workflow);
  const executions = executionDetails.open(workflow);
  const journal = journalReader.open(workflow);
  const controls = controlReader.open(workflow);
  const questions = answering.open(workflow);
  const locks = lockReader.open(workflow);
  const seen: Seen = {
    ...{ deployment, now: new Date(), rows: [], periods: {} },
    ...{ execution: undefined, question: undefined, control: undefined, standing: undefined },
  };
  let driver: { arn: string; trace: ExecutionTrace | undefined } | undefined;
  let settings: Settings | undefined;
  const due = { rest: 0, metrics: 0 };
  let slow: Promise<void> | undefined;
  let failed: Error | undefined;

  /** The clock of a local cloud may be ahead. */
  const now = () => new Date(Math.max(Date.now(), Date.parse(seen.rows.at(-1)?.at ?? '') || 0));

  async function driverOf(): Promise<string> {
    const service = serviceOf(seen.rows);
    const held = service === undefined ? undefined : await locks.read(service);
    return (
      (held?.holder === deployment ? held.execution : resumedBy(seen.rows)) ??
      executionArn(workflow, deployment)
    );
  }

  /** True when something has happened in the execution that drives the deployment. */
  async function traced(): Promise<boolean> {
    if (!driver?.trace?.running) return false;
    const news = await tracer.since(driver.arn, driver.trace.events.at(-1)?.id ?? 0);
    driver.trace.events.push(...news);
    return news.length > 0;
  }

  async function lookAround(): Promise<void> {
    const [rows, asked, control] = await Promise.all([
      journal.rows(deployment),
      questions.questions(deployment),
      controls.read(deployment),
    ]);
    Object.assign(seen, { rows, control, now: now() });
    seen.question = asked.find(({ answer }) => answer === undefined)?.question;
    const arn = await driverOf();
    if (driver?.arn !== arn) driver = { arn, trace: undefined };
    seen.execution = await executions.of(arn);
    if (driver.trace) driver.trace.running = seen.execution?.running ?? false;
  }

  /** The way is slow to read and to draw: how the deployment stands is told before. */
  async function lookAtWay(): Promise<void> {
    if (driver && seen.execution) driver.trace ??= await tracer.of(driver.arn);
  }

  async function lookAtService(): Promise<void> {
    const service = serviceOf(seen.rows);
    if (service === undefined) return;
    settings ??= (await servicesOf(workflow, service))[0];
    if (settings) seen.standing = await standingOf(workflow, stack, settings);
  }

  /** Of the deployment and a little before and after it, and no more than is shown. */
  async function lookAtMetrics(of: Settings): Promise<void> {
    const [begun, ended] = [seen.rows[0], seen.rows.at(-1)];
    if (!of.traffic || !begun || !ended) return;
    const until = seen.execution?.running ? now().getTime() : Date.parse(ended.at) + AROUND_MS;
    const to = Math.min(until, now().getTime());
    const shown = to - MOST_PERIODS * of.thresholds.periodSeconds * 1000;
    const from = new Date(Math.max(Date.parse(begun.at) - AROUND_MS, shown));
    const reader = metrics.open(workflow);
    const found = slotsIn(of).map(
      async (slot) => [slot, await reader.periods(of, slot, from, new Date(to))] as const,
    );
    seen.periods = Object.fromEntries(await Promise.all(found));
  }

  /** What takes long must not keep events waiting. */
  async function lookAtRest(tell: () => void): Promise<void> {
    await Promise.all([lookAtWay(), lookAtService()]);
    tell();
    if (!settings || Date.now() < due.metrics) return;
    due.metrics = Date.now() + metricsMs(settings);
    await lookAtMetrics(settings);
    tell();
  }

  return {
    /** The next look leaves nothing out: something was done. */
    hurry(): void {
      due.rest = 0;
    },
    /** @param told is told more than once, of what is slow to read last */
    async look(told: (looked: Looked) => void): Promise<void> {
      const tell = () => told({ seen, trace: driver?.trace });
      if (failed) {
        const error = failed;
        failed = undefined;
        throw error;
      }
      const happened = await traced();
      const rest = Date.now() >= due.rest;
      if (!happened && !rest) return;
      if (rest) due.rest = Date.now() + REST_MS;
      await lookAround();
      tell();
      if (!rest || slow) return;
      slow = lookAtRest(tell)
        .catch((error: Error) => {
          failed = error;
        })
        .finally(() => {
          slow = undefined;
        });
    },
  };
}
