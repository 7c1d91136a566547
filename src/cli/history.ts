import { pastsOf } from '../acts/history';
import { findWorkflow } from '../aws/workflow';
import { historyText, metricsOf, metricsText } from '../domain/report/history';
import { shown } from '../domain/text/printable';
import { print } from './print';
import { UsageError } from './usage-error';

interface HistoryOptions {
  service?: string;
  workflow: string;
  since?: string;
  limit?: string;
  metrics?: true;
  json?: true;
}

const DAY_MS = 86_400_000;
/** What Step Functions remembers. Source: AWS Step Functions Developer Guide, quotas. */
const REMEMBERED_DAYS = 90;
const METRICS_DAYS = 30;
const LIMIT = 20;

/** `2026-01-30`, an instant in ISO 8601, or `7d`. Throws UsageError. */
function sinceOf(text: string, now: Date): Date {
  const [, days] = /^(\d{1,3})d$/.exec(text) ?? [];
  const since = days === undefined ? new Date(text) : new Date(now.getTime() - Number(days) * DAY_MS);
  if (/^(\d{1,3}d|\d{4}-\d\d-\d\d(T.*)?)$/.test(text) && !Number.isNaN(since.getTime())) return since;
  throw new UsageError(`expected --since WHEN, a day as 2026-01-30 or days as 7d, received ${shown(text)}`);
}

function limitOf(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new UsageError(`expected --limit N, a whole number of deployments from 1, received ${shown(text)}`);
}

export async function history(options: HistoryOptions): Promise<number> {
  const { service, metrics, json } = options;
  const now = new Date();
  const days = new Date(now.getTime() - (metrics ? METRICS_DAYS : REMEMBERED_DAYS) * DAY_MS);
  const since = options.since === undefined ? days : sinceOf(options.since, now);
  const most = metrics ? Number.POSITIVE_INFINITY : LIMIT;
  const limit = options.limit === undefined ? most : limitOf(options.limit);
  const workflow = await findWorkflow(options.workflow);
  const all = await pastsOf(workflow, { service, since, limit });
  if (metrics) {
    const told = metricsOf(all, since, now);
    print(json ? JSON.stringify(told, null, 2) : metricsText(told));
  } else if (json) print(JSON.stringify(all, null, 2));
  else print(all.length === 0 ? 'no deployment began in that time' : historyText(all));
  return 0;
}
