import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { LookupFunction } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Cloud } from '../../local/cloud';

/** A program or a library that nobody here wrote, which works against the local cloud and is then asked what has become of it. */
export interface Client {
  name: string;
  /** What is missing of it on this machine; undefined where nothing is. */
  missing(): string | undefined;
  /** Throws where the cloud is not as the client should have left it. */
  run(cloud: Cloud): Promise<void>;
}

const CDK = join(__dirname, '..', '..', 'node_modules', 'aws-cdk', 'bin', 'cdk');
const MIB = 1024 * 1024;

const execute = promisify(execFile);

function absent(program: string, args: readonly string[], what: string): string | undefined {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return undefined;
  } catch {
    return what;
  }
}

export function environment(cloud: Cloud, folder: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_REGION: cloud.region,
    AWS_DEFAULT_REGION: cloud.region,
    AWS_DEFAULT_OUTPUT: 'json',
    AWS_PAGER: '',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
    CDK_DISABLE_CLI_TELEMETRY: '1',
    CDK_HOME: folder,
  };
}

const sdk = ({ endpoint, region }: Cloud) => ({
  endpoint,
  region,
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});

function expectSame(what: string, actual: unknown, expected: unknown): void {
  const [is, ought] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== ought) throw new Error(`${what}: expected ${ought}, got ${is}`);
}

async function within<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'clients-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A queue and a parameter: what `aws cloudformation deploy` makes of it is asked of SSM. */
const TEMPLATE = (value: string) =>
  `Resources: { Setting: { Type: AWS::SSM::Parameter, Properties: { Name: /clients/aws, Type: String, Value: !Sub "\${AWS::Region} ${value}" } } }`;

const awsCli: Client = {
  name: 'aws-cli',
  missing: () => absent('aws', ['--version'], 'the program aws; apt-get install awscli has it'),
  run: (cloud) =>
    within(async (folder) => {
      const env = environment(cloud, folder);
      const aws = (...args: string[]) => execute('aws', ['--endpoint-url', cloud.endpoint, ...args], { env });
      const { SSM } = await import('@aws-sdk/client-ssm');
      const setting = async () =>
        (await new SSM(sdk(cloud)).getParameter({ Name: '/clients/aws' })).Parameter?.Value;
      for (const value of ['one', 'two']) {
        writeFileSync(join(folder, 'stack.yaml'), TEMPLATE(value));
        const file = join(folder, 'stack.yaml');
        await aws('cloudformation', 'deploy', '--stack-name', 'clients', '--template-file', file);
        expectSame('the parameter of the stack', await setting(), `${cloud.region} ${value}`);
      }
      await aws('cloudformation', 'delete-stack', '--stack-name', 'clients');
      await aws('cloudformation', 'wait', 'stack-delete-complete', '--stack-name', 'clients');
      const zones = await aws(
        'ec2',
        'describe-availability-zones',
        '--query',
        'AvailabilityZones[].ZoneName',
      );
      expectSame('the zones', JSON.parse(zones.stdout)[2], `${cloud.region}c`);
      await aws('s3', 'mb', 's3://aws-cli');
      writeFileSync(join(folder, 'large'), Buffer.alloc(9 * MIB, 'x'));
      await aws('s3', 'cp', '--no-progress', join(folder, 'large'), 's3://aws-cli/large');
      const { stdout } = await aws('s3api', 'head-object', '--bucket', 'aws-cli', '--key', 'large');
      const { ContentLength, ETag } = JSON.parse(stdout);
      expectSame('the object', [ContentLength, /-2"$/.test(ETag)], [9 * MIB, true]);
      await aws('s3', 'rb', '--force', 's3://aws-cli');
      const { stdout: buckets } = await aws('s3api', 'list-buckets', '--query', 'Buckets[].Name');
      expectSame('the bucket', JSON.parse(buckets).includes('aws-cli'), false);
    }),
};

const BOTO = `
import boto3, os, sys, urllib.request
from boto3.s3.transfer import TransferConfig
url, folder = sys.argv[1:]
client = lambda name: boto3.client(name, endpoint_url=url)
s3 = client('s3')
s3.create_bucket(Bucket='boto', CreateBucketConfiguration={'LocationConstraint': 'eu-west-1'})
path = os.path.join(folder, 'object')
open(path, 'wb').write(b'y' * (11 << 20))
s3.upload_file(path, 'boto', 'object', Config=TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20))
link = s3.generate_presigned_url('get_object', Params={'Bucket': 'boto', 'Key': 'object'}, ExpiresIn=60)
assert urllib.request.urlopen(link).read() == b'y' * (11 << 20)
assert client('sts').get_caller_identity()['Account'] == '000000000000'
dynamodb = boto3.resource('dynamodb', endpoint_url=url)
table = dynamodb.create_table(TableName='boto', KeySchema=[{'AttributeName': 'id', 'KeyType': 'HASH'}],
  AttributeDefinitions=[{'AttributeName': 'id', 'AttributeType': 'S'}], BillingMode='PAY_PER_REQUEST')
table.wait_until_exists()
table.put_item(Item={'id': 'a', 'n': 1})
table.update_item(Key={'id': 'a'}, UpdateExpression='ADD n :n', ExpressionAttributeValues={':n': 2})
`;

const boto: Client = {
  name: 'boto3',
  missing: () =>
    absent('python3', ['-c', 'import boto3'], 'boto3 for python3; apt-get install python3-boto3 has it'),
  run: (cloud) =>
    within(async (folder) => {
      await execute('python3', ['-c', BOTO, cloud.endpoint, folder], { env: environment(cloud, folder) });
      const { DynamoDB } = await import('@aws-sdk/client-dynamodb');
      const { Item } = await new DynamoDB(sdk(cloud)).getItem({ TableName: 'boto', Key: { id: { S: 'a' } } });
      expectSame('the item', Item?.n, { N: '3' });
      const { S3 } = await import('@aws-sdk/client-s3');
      const { ETag = '' } = await new S3(sdk(cloud)).headObject({ Bucket: 'boto', Key: 'object' });
      expectSame('the number of parts', ETag.slice(-3, -1), '-3');
    }),
};

const documents: Client = {
  name: '@aws-sdk/lib-dynamodb',
  missing: () => undefined,
  async run(cloud) {
    const { DynamoDBClient, CreateTableCommand, waitUntilTableExists } = await import(
      '@aws-sdk/client-dynamodb'
    );
    const { DynamoDBDocument, paginateQuery } = await import('@aws-sdk/lib-dynamodb');
    const client = new DynamoDBClient(sdk(cloud));
    const [TableName, AttributeType] = ['documents', 'S' as const];
    await client.send(
      new CreateTableCommand({
        TableName,
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType })),
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    await waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 1 }, { TableName });
    const table = DynamoDBDocument.from(client);
    const requests = Array.from({ length: 25 }, (_, n) => ({
      PutRequest: { Item: { pk: 'a', sk: String(n).padStart(2, '0'), tags: new Set(['x']), deep: { n } } },
    }));
    await table.batchWrite({ RequestItems: { [TableName]: requests } });
    await table.transactWrite({
      TransactItems: [
        {
          Update: {
            TableName,
            Key: { pk: 'a', sk: '07' },
            UpdateExpression: 'SET deep.n = deep.n + :one',
            ExpressionAttributeValues: { ':one': 100 },
          },
        },
        { Delete: { TableName, Key: { pk: 'a', sk: '24' } } },
      ],
    });
    const found: Record<string, unknown>[] = [];
    const query = {
      TableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': 'a' },
    };
    for await (const { Items = [] } of paginateQuery({ client: table, pageSize: 10 }, query))
      found.push(...Items);
    const { deep, tags } = found[7]!;
    expectSame('the items', [found.length, deep, [...(tags as Set<string>)]], [24, { n: 107 }, ['x']]);
  },
};

const uploads: Client = {
  name: '@aws-sdk/lib-storage and presigned requests',
  missing: () => undefined,
  async run(cloud) {
    const { S3, GetObjectCommand, PutObjectCommand } = await import('@aws-sdk/client-s3');
    const { Upload } = await import('@aws-sdk/lib-storage');
    const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner');
    const client = new S3({ ...sdk(cloud), requestChecksumCalculation: 'WHEN_REQUIRED' });
    const Bucket = 'uploads';
    await client.createBucket({ Bucket });
    const Body = Buffer.alloc(12 * MIB, 'z');
    const params = { Bucket, Key: 'large', Body, ContentType: 'text/plain', Metadata: { by: 'hand' } };
    await new Upload({ client: new S3(sdk(cloud)), params }).done();
    const large = await client.getObject({ Bucket, Key: 'large' });
    const bytes = Buffer.from(await large.Body!.transformToByteArray());
    expectSame(
      'the object in parts',
      [bytes.equals(Body), large.ContentType, large.Metadata?.by, large.ETag?.endsWith('-3"')],
      [true, 'text/plain', 'hand', true],
    );
    const put = await getSignedUrl(client, new PutObjectCommand({ Bucket, Key: 'small' }), { expiresIn: 60 });
    expectSame('the presigned upload', (await fetch(put, { method: 'PUT', body: 'hello' })).status, 200);
    const get = new GetObjectCommand({ Bucket, Key: 'small' });
    const link = await getSignedUrl(client, get, { expiresIn: 60 });
    expectSame('the presigned download', await (await fetch(link)).text(), 'hello');
    const late = await getSignedUrl(client, get, {
      expiresIn: 1,
      signingDate: new Date(Date.now() - 60_000),
    });
    expectSame('a link that has expired', (await fetch(late)).status, 403);
  },
};

const cdk: Client = {
  name: "the CDK's command line",
  missing: () => absent(process.execPath, [CDK, '--version'], 'the package aws-cdk'),
  run: (cloud) =>
    within(async (folder) => {
      const environments = `aws://000000000000/${cloud.region}`;
      const args = [CDK, 'bootstrap', environments, '--no-notices'];
      await execute(process.execPath, args, { cwd: folder, env: environment(cloud, folder) });
      const { SSM } = await import('@aws-sdk/client-ssm');
      const Name = '/cdk-bootstrap/hnb659fds/version';
      const { Parameter } = await new SSM(sdk(cloud)).getParameter({ Name });
      expectSame('the version of the bootstrap', Number(Parameter?.Value) >= 30, true);
    }),
};

/** The SDK puts `sync-` before the host, which no operating system has to know: names below localhost are loopback (RFC 6761). */
const testState: Client = {
  name: 'TestState of @aws-sdk/client-sfn',
  missing: () => undefined,
  async run(cloud) {
    const { Agent } = await import('node:http');
    const { SFN } = await import('@aws-sdk/client-sfn');
    const { hostname, port } = new URL(cloud.endpoint);
    const lookup: LookupFunction = (_, options, found) =>
      options.all ? found(null, [{ address: hostname, family: 4 }]) : found(null, hostname, 4);
    const sfn = new SFN({
      ...sdk(cloud),
      endpoint: `http://states.localhost:${port}`,
      requestHandler: { httpAgent: new Agent({ lookup }) },
    });
    const choice = {
      Type: 'Choice',
      Choices: [{ Variable: '$.n', NumericGreaterThan: 1, Next: 'Many' }],
      Default: 'Few',
    };
    const asked = { definition: JSON.stringify(choice), input: '{"n":2}' };
    const { status, nextState, output } = await sfn.testState(asked);
    expectSame('the choice', [status, nextState, output], ['SUCCEEDED', 'Many', '{"n":2}']);
    const jsonata = {
      Type: 'Pass',
      QueryLanguage: 'JSONata',
      Output: '{% $who & $states.input.n %}',
      End: true,
    };
    const said = await sfn.testState({
      ...asked,
      definition: JSON.stringify(jsonata),
      variables: '{"who":"you"}',
    });
    expectSame('the text', said.output, '"you2"');
    const failing = { Type: 'Fail', Error: 'Wrong', Cause: 'because' };
    const failed = await sfn.testState({ definition: JSON.stringify(failing) });
    expectSame('the failure', [failed.status, failed.error, failed.cause], ['FAILED', 'Wrong', 'because']);
  },
};

export const clients: readonly Client[] = [awsCli, boto, documents, uploads, cdk, testState];
