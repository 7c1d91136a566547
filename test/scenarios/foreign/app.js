// An app that knows nothing of Greenlight: what somebody has who tries the local cloud with `cdk deploy`.
const { App, CfnOutput, Duration, RemovalPolicy, Stack } = require('aws-cdk-lib');
const ec2 = require('aws-cdk-lib/aws-ec2');
const ecs = require('aws-cdk-lib/aws-ecs');
const elb = require('aws-cdk-lib/aws-elasticloadbalancingv2');
const lambda = require('aws-cdk-lib/aws-lambda');
const rds = require('aws-cdk-lib/aws-rds');
const sfn = require('aws-cdk-lib/aws-stepfunctions');
const tasks = require('aws-cdk-lib/aws-stepfunctions-tasks');
const { join } = require('node:path');

const { GREETING = 'hello', ENDING = 'bye', IMAGE = 'notes:1', STREAM, PLACED } = process.env;

const app = new App();
const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;
const stack = new Stack(app, 'Notes', {
  description: 'notes with a greeting',
  ...(PLACED && { env: { account, region } }),
});
const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 });

const database = new rds.DatabaseInstance(stack, 'Database', {
  vpc,
  vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
  engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_18 }),
  databaseName: 'notes',
  removalPolicy: RemovalPolicy.DESTROY,
});

const cluster = new ecs.Cluster(stack, 'Cluster', { vpc });
const definition = new ecs.FargateTaskDefinition(stack, 'Definition');
definition.addContainer('web', {
  image: ecs.ContainerImage.fromRegistry(IMAGE),
  portMappings: [{ containerPort: 8080 }],
  environment: { GREETING },
  secrets: { DATABASE: ecs.Secret.fromSecretsManager(database.secret) },
  logging: ecs.LogDrivers.awsLogs({ streamPrefix: 'web' }),
});
const service = new ecs.FargateService(stack, 'Service', {
  cluster,
  taskDefinition: definition,
  desiredCount: 1,
  minHealthyPercent: 100,
  circuitBreaker: { rollback: true },
});
database.connections.allowDefaultPortFrom(service);

const balancer = new elb.ApplicationLoadBalancer(stack, 'Balancer', { vpc, internetFacing: true });
const listener = balancer.addListener('Http', { port: 80 });
listener.addTargets('Web', {
  port: 8080,
  protocol: elb.ApplicationProtocol.HTTP,
  targets: [service],
  healthCheck: { path: '/health', interval: Duration.seconds(5), healthyThresholdCount: 2 },
  deregistrationDelay: Duration.seconds(1),
});

const greeter = new lambda.Function(stack, 'Greeter', {
  runtime: lambda.Runtime.NODEJS_22_X,
  code: lambda.Code.fromAsset(join(__dirname, 'greeter')),
  handler: 'index.handler',
  environment: { GREETING },
});
const machine = new sfn.StateMachine(stack, 'Machine', {
  definitionBody: sfn.DefinitionBody.fromChainable(
    new tasks.LambdaInvoke(stack, 'Greet', { lambdaFunction: greeter, outputPath: '$.Payload' }).next(
      new sfn.Pass(stack, 'End', { parameters: { 'said.$': '$.said', ending: ENDING } }),
    ),
  ),
});

// what the local cloud has no part for
if (STREAM) {
  const { Stream } = require('aws-cdk-lib/aws-kinesis');
  new Stream(stack, 'Stream');
  new lambda.Function(stack, 'Snake', {
    runtime: lambda.Runtime.PYTHON_3_13,
    code: lambda.Code.fromInline('handler = print'),
    handler: 'index.handler',
  });
}

new CfnOutput(stack, 'ListenerArn', { value: listener.listenerArn });
new CfnOutput(stack, 'MachineArn', { value: machine.stateMachineArn, exportName: 'NotesMachine' });
new CfnOutput(stack, 'ServiceArn', { value: service.serviceArn });
