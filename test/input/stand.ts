import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { ECSClient, ListTasksCommand } from '@aws-sdk/client-ecs';
import type { World } from '../scenarios/world';

/** Calls that leave no trace but the report of the rejected execution itself, whose journal rows are counted by `Stand.rows`. */
const HARMLESS =
  /:(Describe|Get|List|Query|Head|BatchGet|Scan|Test)|^states:StartExecution$|^events:PutEvents$|^dynamodb:PutItem$|^s3:PutObject$|^lambda:Invoke|^logs:/;

/** Everything that a deployment could change. */
export interface Stand {
  weights: unknown;
  running: unknown;
  snapshots: unknown;
  schema: unknown;
  lock: string | undefined;
  /** Tasks that ran or run, whoever started them. */
  tasks: number;
  /** The journal's rows by the deployment that they are of. */
  rows: Record<string, number>;
  /** Calls with an effect, so far. */
  effects: Record<string, number>;
  messages: number;
}

async function rowsOf(world: World): Promise<Record<string, number>> {
  const db = new DynamoDBClient(world.aws);
  const rows: Record<string, number> = {};
  let ExclusiveStartKey: Record<string, never> | undefined;
  do {
    const page = await db.send(
      new ScanCommand({ TableName: world.cloud.outputs.JournalTable, ExclusiveStartKey }),
    );
    for (const { pk } of page.Items ?? []) rows[pk?.S ?? ''] = (rows[pk?.S ?? ''] ?? 0) + 1;
    ExclusiveStartKey = page.LastEvaluatedKey as typeof ExclusiveStartKey;
  } while (ExclusiveStartKey);
  return rows;
}

async function tasksOf(world: World): Promise<number> {
  const ecs = new ECSClient(world.aws);
  const { cluster } = world.settings;
  const lists = (['RUNNING', 'STOPPED'] as const).map(async (desiredStatus) => {
    const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster, desiredStatus }));
    return taskArns.length;
  });
  return (await Promise.all(lists)).reduce((sum, count) => sum + count, 0);
}

export async function standOf(world: World): Promise<Stand> {
  return {
    weights: await world.weights(),
    running: await world.running(),
    snapshots: await world.snapshots(),
    schema: await world.schema(),
    lock: await world.lockHolder(),
    tasks: await tasksOf(world),
    rows: await rowsOf(world),
    effects: Object.fromEntries([...world.cloud.calls()].filter(([operation]) => !HARMLESS.test(operation))),
    // rejected one after the other they are a reason for an alarm
    messages: world.cloud.services.sns.recent().filter(({ subject }) => !subject?.startsWith('ALARM')).length,
  };
}

/** Executions that this folder starts, and those that a rule starts: each may file that it was asked and how it ended, under its own name. */
const OWN = /^deployment#(asked-\d+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** What is not as it was. */
export function changes(before: Stand, after: Stand): string[] {
  const members = (Object.keys(before) as (keyof Stand)[]).filter((member) => member !== 'rows');
  const changed = members.filter(
    (member) => JSON.stringify(before[member]) !== JSON.stringify(after[member]),
  );
  const strange = Object.entries(after.rows).filter(
    ([key, count]) => count !== (before.rows[key] ?? 0) && !(OWN.test(key) && count <= 2),
  );
  return [
    ...changed.map(
      (member) => `${member}: ${JSON.stringify(before[member])} became ${JSON.stringify(after[member])}`,
    ),
    ...strange.map(([key, count]) => `the journal has ${count} rows of ${JSON.stringify(key)}`),
  ];
}
