import {
  CloudWatchLogsClient,
  type LogGroup,
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { Ended, World } from '../scenarios/world';

/** A service's own tasks log what their program prints; nobody else reads it. */
const OF_TASKS = /^Shop-(Shop|Migration|Worker|Batch)(Task)?Logs/;

/** What functions and the state machine have logged, a message each. */
export async function logsOf(world: World): Promise<string[]> {
  const client = new CloudWatchLogsClient(world.aws);
  const logGroups: LogGroup[] = [];
  for await (const page of paginateDescribeLogGroups({ client }, {}))
    logGroups.push(...(page.logGroups ?? []));
  const messages: string[] = [];
  for (const { logGroupName = '' } of logGroups)
    if (!OF_TASKS.test(logGroupName))
      for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName }))
        messages.push(...events.map(({ message = '' }) => message));
  return messages;
}

async function objectsOf(world: World, location = ''): Promise<Record<string, string>> {
  const s3 = new S3Client({ ...world.aws, forcePathStyle: true });
  const Bucket = location.split('/')[2];
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  const texts = Contents.map(async ({ Key }) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return [Key, (await Body?.transformToString()) ?? ''] as const;
  });
  return Object.fromEntries(await Promise.all(texts));
}

/** Everything that anybody can read of some deployments, as text, by where it stands; what AWS's services tell themselves is theirs. */
export async function everythingSaid(world: World, ended: readonly Ended[]): Promise<Record<string, string>> {
  const sfn = new SFNClient(world.aws);
  const described = ended.map(({ name }) =>
    sfn.send(new DescribeExecutionCommand({ executionArn: world.execution(name) })),
  );
  const { Items } = await new DynamoDBClient(world.aws).send(
    new ScanCommand({ TableName: world.cloud.outputs.JournalTable }),
  );
  const said = {
    executions: await Promise.all(described),
    history: ended.map(({ events }) => events),
    journal: Items,
    // of a task Amazon ECS itself says why it was stopped, in whatever words somebody has given
    events: world.cloud.services.events.recent().filter(({ source }) => source !== 'aws.ecs'),
    messages: world.cloud.services.sns.recent(),
    logs: await logsOf(world),
    manifests: await objectsOf(world, world.cloud.outputs.ManifestsLocation),
    reports: await objectsOf(world, world.cloud.outputs.ReportsLocation),
  };
  return Object.fromEntries(Object.entries(said).map(([where, what]) => [where, JSON.stringify(what)]));
}
