import { setTimeout as sleep } from 'node:timers/promises';
import { executionDetails } from '../aws/executions';
import { journalReader } from '../aws/journal';
import { lockReader } from '../aws/takeover';
import { serviceOf } from '../domain/report';
import { type News, newsOf } from '../domain/report/steps';
import { stepLines } from '../domain/report/text';
import type { Environment } from '../domain/step/port';

/** How what was followed ended: by which execution, in which of the graph's ends, and what it says. */
export interface End {
  execution: string;
  outcome: string;
  cause: string;
}

/** What is told on the way: what a step did, or why nothing happens. */
export type Tell = (news: News | { waits: string }) => void;

/** For a terminal. */
export const newsText = (news: Parameters<Tell>[0]): string =>
  'waits' in news ? news.waits : stepLines(news).join('\n');

const POLL_MS = 1000;

/**
 * Follows an execution by the journal of its deployment to its end. One that ends without an end of the graph leaves the
 * deployment to a recovery, which is followed then.
 * @param told how many rows of the journal are no news
 */
export async function follow(
  workflow: Environment,
  { deployment, execution, told }: { deployment: string; execution: string; told: number },
  tell: Tell,
): Promise<End> {
  const executions = executionDetails.open(workflow);
  const journal = journalReader.open(workflow);
  const locks = lockReader.open(workflow);
  let [driver, known, left] = [execution, told, ''];
  for (;;) {
    // before the journal: what it wrote at last is in there then
    const state = await executions.of(driver);
    const rows = await journal.rows(deployment);
    newsOf(rows, known).forEach(tell);
    known = rows.length;
    if (state && !state.running) {
      const service = serviceOf(rows);
      const held = service === undefined ? undefined : await locks.read(service);
      if (held?.holder !== deployment || held.stuck)
        return { execution: driver, outcome: state.outcome, cause: state.cause };
      if (held.execution !== driver) driver = held.execution;
      else if (left !== driver) {
        left = driver;
        tell({ waits: `${driver} is over, ${state.status}; a recovery goes on within five minutes` });
      }
    }
    await sleep(POLL_MS);
  }
}
