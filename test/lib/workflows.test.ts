import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { checkServices } from '../../lib/service/declared-services';
import type { DeployedService } from '../../lib/service/deployed-service';
import { PureWorker } from '../../lib/service/pure-worker';
import { startFromEvent } from '../../lib/workflow/triggers';
import { DeploymentWorkflow } from '../../lib/workflow/workflow';
import type { DeploymentWorkflowProps } from '../../lib/workflow/workflow-props';
import { patternOf } from '../../local/services/events/rules';
import type { Verb } from '../../src/aws/verbs';
import { exampleSettings } from '../input/parser';
import { imported, taskDefinitionOf } from './imported';

jest.setTimeout(60_000);

type Wanted = Record<
  string,
  { name?: string; services: string[]; environment?: string; props?: Partial<DeploymentWorkflowProps> }
>;

/** A stack with these workflows, by the ids of their constructs. */
function stackWith(wanted: Wanted) {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
  const { traffic: _, ...props } = imported(stack);
  const add = (id: string, { name, services, environment = 'example', props: own }: Wanted[string]) => {
    // each of a team's own construct, so that ids need not differ
    const team = new Construct(stack, id);
    return new DeploymentWorkflow(team, 'Greenlight', {
      ...{ name, ...own },
      securityGroups: [SecurityGroup.fromSecurityGroupId(team, 'Security', 'sg-1')],
      services: services.map(
        (service) =>
          new PureWorker(team, service, {
            ...{ ...props, serviceName: service, environment },
            taskDefinition: taskDefinitionOf(team, `${service}Task`, service),
          }),
      ),
    });
  };
  return { stack, workflows: Object.entries(wanted).map(([id, one]) => add(id, one)), add };
}

type Properties = Record<string, unknown>;

/** Which workflows an event starts, by the place of their machines in the template. */
function startedBy(template: Template, detail: unknown): string[] {
  const event = { source: 'a pipeline', 'detail-type': 'DeploymentRequested', detail };
  const rules = Object.values(template.findResources('AWS::Events::Rule')).map(
    ({ Properties }) => Properties as { EventPattern?: Properties; Targets: { Arn: { Ref: string } }[] },
  );
  return rules
    .filter(({ EventPattern }) => JSON.stringify(EventPattern ?? '').includes('DeploymentRequested'))
    .filter(({ EventPattern }) => patternOf(JSON.stringify(EventPattern))(event))
    .flatMap(({ Targets }) => Targets.map(({ Arn }) => Arn.Ref));
}

describe('two workflows in one stack', () => {
  const { stack, add } = stackWith({
    Web: { services: ['shop', 'search'] },
    Live: { name: 'Live', services: ['shop', 'packer'], environment: 'production' },
  });
  const template = Template.fromStack(stack);

  test('have no name in common, but the default bus', () => {
    const names = Object.values(template.toJSON().Resources as Record<string, { Properties?: Properties }>)
      .flatMap(({ Properties: { Name, StateMachineName, TableName, TopicName, FunctionName } = {} }) => [
        Name,
        StateMachineName,
        TableName,
        TopicName,
        FunctionName,
      ])
      .filter((name) => typeof name === 'string');
    expect(names.sort()).toEqual([
      '/greenlight/Live',
      '/greenlight/Live/packer',
      '/greenlight/Live/shop',
      '/greenlight/Shop',
      '/greenlight/Shop/search',
      '/greenlight/Shop/shop',
      'Live-Greenlight',
      'Shop-Greenlight',
    ]);
  });

  const web = /^WebGreenlightDeployment/;
  const live = /^LiveGreenlightDeployment/;
  test.each([
    ['of a service starts the workflow that deploys it', { service: 'search' }, [web]],
    ['of another service starts the other', { service: 'packer' }, [live]],
    [
      'of an environment starts the one that deploys there',
      { service: 'shop', environment: 'production' },
      [live],
    ],
    ['of none starts each that deploys the service', { service: 'shop' }, [web, live]],
    ['of an unknown environment starts nothing', { service: 'shop', environment: 'moon' }, []],
    ['of an unknown service starts nothing', { service: 'shops' }, []],
    ['of no service starts nothing', {}, []],
  ])('an event %s', (_, detail, machines) => {
    expect(startedBy(template, detail)).toEqual(machines.map((machine) => expect.stringMatching(machine)));
  });

  test.each([
    [
      'that another one has',
      undefined,
      'Shop/Third/Greenlight.name: expected another name than Shop, which Shop/Web/Greenlight has',
    ],
    [
      'that no parameter can have',
      'Our shop',
      'Shop/Third/Greenlight.name: expected 1 to 128 letters, digits, ".", "-" and "_", received Our shop',
    ],
  ])('a third one with a name %s is refused while the app is synthesised', (_, name, message) => {
    expect(() => add('Third', { name, services: ['till'] })).toThrow(message);
    stack.node.tryRemoveChild('Third');
  });

  test('a service whose window may restore an instance that another one writes to is refused', () => {
    const settings = (service: string) => ({ ...exampleSettings(), service });
    const [shop, search] = ['shop', 'search'].map((name) => ({
      settings: settings(name),
      node: { path: name },
    }));
    const check = () => checkServices([shop, search] as never, { environments: {} });
    expect(check).toThrow('shop.maintenance: expected none, because search is on the same database');
    Object.assign(shop!.settings, { maintenance: null });
    expect(check).toThrow('search.maintenance: expected none, because shop is on the same database');
    Object.assign(search!.settings, { maintenance: null });
    check();
  });

  test('reach nothing of each other', () => {
    const roles = Object.entries(template.findResources('AWS::IAM::Role'));
    const ofLive = roles.filter(([id]) => id.startsWith('LiveGreenlight'));
    expect(ofLive.length).toBeGreaterThan(50);
    const text = JSON.stringify(ofLive);
    expect(text).toContain('Live-Greenlight');
    expect(text).not.toMatch(/"WebGreenlight|Shop-Greenlight|parameter\/greenlight\/Shop/);
  });
});

test('keys of the secret and of the manifests are used by those functions alone that read and write these', () => {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
  const { traffic: _, database, migrations, ...props } = imported(stack);
  const [secretKey, bucketKey] = ['secret', 'bucket'].map(
    (name) => `arn:aws:kms:eu-west-1:123456789012:key/${name}`,
  );
  const encryptionKey = (id: string, keyArn = '') => Key.fromKeyArn(stack, id, keyArn);
  const service = new PureWorker(stack, 'Packer', {
    ...props,
    database: {
      ...database,
      secret: Secret.fromSecretAttributes(stack, 'Encrypted', {
        secretCompleteArn: database.secret!.secretArn,
        encryptionKey: encryptionKey('SecretKey', secretKey),
      }),
    },
    migrations: {
      ...migrations,
      manifests: Bucket.fromBucketAttributes(stack, 'EncryptedManifests', {
        bucketName: 'releases',
        encryptionKey: encryptionKey('BucketKey', bucketKey),
      }),
    },
  });
  const workflow = new DeploymentWorkflow(stack, 'Greenlight', { services: [service] });
  const roles = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Role'));
  const mayUse = (step: string) => {
    const [, role] = roles.find(([id]) => id.startsWith(`Greenlight${step}Role`))!;
    const statements = role.Properties.Policies[0].PolicyDocument.Statement as {
      Action: string | string[];
      Resource: unknown;
      Condition?: { StringEquals?: Record<string, unknown> };
    }[];
    return statements
      .filter(({ Resource }) => Resource === secretKey || Resource === bucketKey)
      .map(({ Action, Resource, Condition }) => [
        Action,
        Resource,
        JSON.stringify(Condition?.StringEquals?.['kms:ViaService']).replace(
          /[^a-z0-9].*?(secretsmanager|s3).*/,
          '$1',
        ),
      ]);
  };
  expect(mayUse('InspectDatabase')).toEqual([['kms:Decrypt', secretKey, 'secretsmanager']]);
  expect(mayUse('SwitchDatabase')).toEqual([
    [['kms:Decrypt', 'kms:GenerateDataKey'], secretKey, 'secretsmanager'],
  ]);
  expect(mayUse('AnalyseMigrations')).toEqual([
    ['kms:Decrypt', secretKey, 'secretsmanager'],
    ['kms:Decrypt', bucketKey, 's3'],
  ]);
  expect(mayUse('SnapshotDatabase')).toEqual([]);
  // and who writes manifests, and who deploys, does not need it
  const typed = (verb: Verb) =>
    stack
      .resolve(workflow.policyOf(verb))
      .Statement.filter(({ Resource }: { Resource: unknown }) => Resource === bucketKey)
      .map(({ Action }: { Action: string }) => Action);
  expect([typed('bundle'), typed('deploy')]).toEqual([['kms:GenerateDataKey'], []]);
});

test('two services of one name are refused while the app is synthesised', () => {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Shop');
  const { traffic: _, ...props } = imported(stack);
  const services = ['One', 'Two'].map((id) => new PureWorker(stack, id, props));
  expect(() => new DeploymentWorkflow(stack, 'Greenlight', { services })).toThrow(
    'Shop/Two.serviceName: expected another name than shop, which Shop/One of the same workflow has',
  );
});

test('so many services that one pattern cannot name them have several rules', () => {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Fleet');
  const names = Array.from({ length: 60 }, (_, index) => `s${index}-`.padEnd(63, 'x'));
  const machine = StateMachine.fromStateMachineName(stack, 'Machine', 'fleet');
  startFromEvent(stack, machine, {
    services: names.map((service) => ({ settings: { service, environment: 'example' } }) as DeployedService),
    role: Role.fromRoleName(stack, 'Role', 'events'),
    deadLetterQueue: new Queue(stack, 'Undelivered'),
  });
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::Events::Rule', 3);
  for (const service of names) expect(startedBy(template, { service })).toHaveLength(1);
});

/** One workflow with all that is left out. */
const single = stackWith({ Web: { services: ['shop'] } });

test('a pipeline may be allowed to start, and told how deployments end', () => {
  const { stack } = single;
  const [workflow] = single.workflows;
  workflow!.grantStart(
    new Role(stack, 'Pipeline', { assumedBy: new ServicePrincipal('codebuild.amazonaws.com') }),
  );
  const target = new SnsTopic(workflow!.topic);
  workflow!.onSucceeded('Live', { target });
  workflow!.onRolledBack('RolledBack', { target, description: 'Told to the team' });
  workflow!.onNeedsOperator('Stuck', { target });
  const options = { threshold: 1, evaluationPeriods: 1 };
  for (const metric of [
    workflow!.metricSucceeded(),
    workflow!.metricRolledBack(),
    workflow!.metricNeedsOperator(),
  ])
    new Alarm(stack, metric.metricName, { metric, ...options });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: [
        {
          Action: 'states:StartExecution',
          Effect: 'Allow',
          Resource: { Ref: Match.stringLikeRegexp('GreenlightDeployment') },
        },
      ],
    },
    Roles: [{ Ref: Match.stringLikeRegexp('Pipeline') }],
  });
  for (const type of ['DeploymentSucceeded', 'DeploymentRolledBack', 'OperatorNeeded'])
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['greenlight'], 'detail-type': [type], detail: { workflow: ['Shop'] } },
      Targets: [{ Arn: { Ref: Match.stringLikeRegexp('Announcements') } }],
    });
  for (const MetricName of ['DeploymentSucceeded', 'RolledBack', 'NeedsOperator'])
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...{ Namespace: 'Greenlight/Shop', MetricName, Statistic: 'Sum' },
    });
});

describe('what a review asks for', () => {
  const [key, imported] = ['arn:aws:kms:eu-west-1:123456789012:key/1', 'Imported'];
  const app = new App({ builtinCloudFormationValidation: false });
  const keys = new Stack(app, 'Keys');
  const {
    stack,
    workflows: [workflow],
  } = stackWith({
    Web: {
      services: ['shop'],
      props: {
        key: Key.fromKeyArn(keys, imported, key),
        logRetention: RetentionDays.TWO_YEARS,
        answerPage: false,
      },
    },
  });
  const strict = Template.fromStack(stack);
  const functionsOf = (template: Template) => Object.entries(template.findResources('AWS::Lambda::Function'));

  test('a stranger can call one function, and takes five at a time of the account', () => {
    const plain = Template.fromStack(single.stack);
    plain.resourceCountIs('AWS::Lambda::Url', 1);
    const reserved = functionsOf(plain).flatMap(([id, { Properties }]) =>
      Properties.ReservedConcurrentExecutions ? [[id, Properties.ReservedConcurrentExecutions]] : [],
    );
    expect(reserved).toEqual([[expect.stringMatching(/AnswerQuestion/), 5]]);
  });

  test('without the page nothing can be called from the internet, and no message has its address', () => {
    strict.resourceCountIs('AWS::Lambda::Url', 0);
    expect(JSON.stringify(strict.findResources('AWS::Lambda::Permission'))).not.toContain('"*"');
    const functions = functionsOf(strict);
    expect(functions.filter(([id]) => id.includes('AnswerQuestion'))).toEqual([]);
    const [, { Properties }] = functions.find(([id]) => id.includes('RequestApproval'))!;
    expect(Properties.Environment.Variables.GREENLIGHT_ANSWERS).toBe('');
  });

  test.each<[Verb, number]>([
    // of the table, and of the bucket of reports
    ['report', 2],
    ['deploy', 1],
    ['bundle', 0],
  ])('who may type %s may use the own key for it: %d statement', (verb, many) => {
    const { Statement } = stack.resolve(workflow!.policyOf(verb));
    expect(Statement.filter(({ Resource }: { Resource: unknown }) => Resource === key)).toHaveLength(many);
  });

  test('an own key encrypts all that is kept, and every function may use it for nothing else', () => {
    strict.hasResourceProperties('AWS::DynamoDB::Table', {
      SSESpecification: { KMSMasterKeyId: key, SSEType: 'KMS' },
    });
    strict.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: key });
    strict.hasResourceProperties('AWS::SQS::Queue', { KmsMasterKeyId: key });
    const ofWorkflow = (type: string) =>
      Object.entries(strict.findResources(type)).filter(([id]) => id.startsWith('WebGreenlight'));
    const logs = ofWorkflow('AWS::Logs::LogGroup');
    expect(logs.length).toBeGreaterThan(1);
    for (const [, { Properties }] of logs)
      expect(Properties).toMatchObject({ KmsKeyId: key, RetentionInDays: 731 });
    for (const [id, { Properties }] of ofWorkflow('AWS::IAM::Role')) {
      if (!JSON.stringify(Properties.AssumeRolePolicyDocument).includes('lambda.')) continue;
      const statements = Properties.Policies[0].PolicyDocument.Statement as {
        Resource: unknown;
        Condition?: { StringEquals?: object };
      }[];
      const own = statements.filter(({ Resource }) => Resource === key);
      // who leaves reports needs it of Amazon S3 as well
      const reports = /WebGreenlight(CompleteDeployment|ReleaseLock|CallOperator|Reconcile)Role/.test(id);
      expect([id, own.map(({ Condition }) => Object.keys(Condition?.StringEquals ?? {}))]).toEqual([
        id,
        Array(reports ? 2 : 1).fill(['kms:ViaService']),
      ]);
    }
    const [, bucket] = ofWorkflow('AWS::S3::Bucket')[0] ?? [];
    expect(bucket?.Properties.BucketEncryption).toMatchObject({
      ServerSideEncryptionConfiguration: [
        { ServerSideEncryptionByDefault: { KMSMasterKeyID: key, SSEAlgorithm: 'aws:kms' } },
      ],
    });
  });
});
