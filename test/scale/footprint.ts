import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Fleet } from './fleet';

/** What a local cloud holds on to, in the units of its columns. */
export type Footprint = Record<(typeof COLUMNS)[number], number>;

export const COLUMNS = [
  'RSS MB',
  'heap MB',
  'threads',
  'processes',
  'backends',
  'descriptors',
  'files',
  'files MB',
  'snapshots',
  'executions',
  'journal rows',
] as const;

const mb = (bytes: number) => Math.round(bytes / 1e6);

/** Frees what nothing holds any more, so that only what is held is counted. */
function collect(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

/** Entries of a folder of /proc; none where there is no such folder. */
function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Processes of PostgreSQL that serve a client; their servers are children of this process. */
function backends(servers: readonly number[]): number {
  return entries('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || !/^postgres: \S+ \S+ 127/.test(read(`/proc/${pid}/cmdline`))) return false;
    return servers.includes(Number(/^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1]));
  }).length;
}

/** Sizes of all files below a folder, as far as they are still there. */
function sizes(folder: string): number[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    if (!entry.isFile()) return [];
    try {
      return [statSync(join(entry.parentPath, entry.name)).size];
    } catch {
      return [];
    }
  });
}

const tableOf = ({ cloud }: Fleet) =>
  Object.values(cloud.resources).find(({ type }) => type === 'AWS::DynamoDB::Table')?.ref;

/** The rows of the workflow's table, a page at a time. */
async function* journal(fleet: Fleet): AsyncGenerator<Record<string, unknown>[]> {
  let from: object | undefined;
  do {
    const page = await fleet.ask('dynamodb', 'Scan', { TableName: tableOf(fleet), ExclusiveStartKey: from });
    yield page.Items;
    from = page.LastEvaluatedKey;
  } while (from);
}

async function journalRows(fleet: Fleet): Promise<number> {
  let rows = 0;
  for await (const page of journal(fleet)) rows += page.length;
  return rows;
}

/** Deletes every row of the workflow's table: what the cloud holds on to after that is no data. */
export async function emptyJournal(fleet: Fleet): Promise<void> {
  const TableName = tableOf(fleet);
  const { Table } = await fleet.ask('dynamodb', 'DescribeTable', { TableName });
  const names: string[] = Table.KeySchema.map((part: { AttributeName: string }) => part.AttributeName);
  for await (const page of journal(fleet))
    for (const item of page) {
      const Key = Object.fromEntries(names.map((name) => [name, item[name]]));
      await fleet.ask('dynamodb', 'DeleteItem', { TableName, Key });
    }
}

async function executions({ cloud, ask }: Fleet): Promise<number> {
  const stateMachineArn = cloud.outputs.ExportStateMachine;
  let kept = 0;
  let nextToken: string | undefined;
  do {
    const page = await ask('states', 'ListExecutions', { stateMachineArn, maxResults: 1000, nextToken });
    kept += page.executions.length;
    nextToken = page.nextToken;
  } while (nextToken);
  return kept;
}

/** Resident memory of this process in MB, without what nothing holds any more in its main thread. */
export function resident(): number {
  collect();
  return mb(process.memoryUsage().rss);
}

export async function footprint(fleet: Fleet): Promise<Footprint> {
  const { cloud, ask } = fleet;
  collect();
  const { rss, heapUsed } = process.memoryUsage();
  const files = sizes(cloud.workDir);
  const { DBSnapshots } = await ask('rds', 'DescribeDBSnapshots', { MaxRecords: 100 });
  return {
    'RSS MB': mb(rss),
    'heap MB': mb(heapUsed),
    threads: entries('/proc/self/task').length,
    processes: cloud.pids().length,
    backends: backends(cloud.pids()),
    descriptors: entries('/proc/self/fd').length,
    files: files.length,
    'files MB': mb(files.reduce((sum, size) => sum + size, 0)),
    snapshots: DBSnapshots.length,
    executions: await executions(fleet),
    'journal rows': await journalRows(fleet),
  };
}
