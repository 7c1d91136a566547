import { join } from 'node:path';
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { ContainerImage, FargateTaskDefinition, LogDrivers } from 'aws-cdk-lib/aws-ecs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { readConfiguration } from '../configuration';

import { WorkerSlot } from '../slots';
import { DeploymentWorkflow } from '../workflow';
import { acknowledgeTasks, clusterOf, databaseOf, databaseSecrets, manifestsOf } from './ground';

/** The example of a pure worker: it packs parcels, which are rows of its database, and answers nobody. */
export class PackerStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const { vpc, cluster } = clusterOf(this);
    const repository = Repository.fromRepositoryName(this, 'Repository', 'shop');
    const database = databaseOf(this, vpc, 'packer');
    const manifests = manifestsOf(this);
    const definition = (name: string, family: string) => {
      const made = new FargateTaskDefinition(this, name, { family, cpu: 256, memoryLimitMiB: 512 });
      made.addContainer('packer', {
        image: ContainerImage.fromEcrRepository(repository, 'packer-v1'),
        secrets: databaseSecrets(database.secret!),
        logging: LogDrivers.awsLogs({
          streamPrefix: family,
          logGroup: new LogGroup(this, `${name}Logs`, {
            retention: RetentionDays.ONE_MONTH,
            removalPolicy: RemovalPolicy.DESTROY,
          }),
        }),
      });
      acknowledgeTasks(made);
      return made;
    };
    const [taskDefinition, migration] = [
      definition('Packer', 'packer'),
      definition('Migration', 'packer-migration'),
    ];
    const worker = new WorkerSlot(this, 'Worker', { cluster, taskDefinition, desiredCount: 2 });
    const security = new SecurityGroup(this, 'WorkflowSecurity', { vpc });
    for (const client of [worker, security]) database.connections.allowDefaultPortFrom(client);

    const backlog = { namespace: 'Packer', metricName: 'OldestParcelSeconds', statistic: 'Maximum' };
    const alarm = new Alarm(this, 'ParcelsWait', {
      metric: new Metric({ ...backlog, period: Duration.seconds(10) }),
      threshold: 300,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    const workflow = new DeploymentWorkflow(this, 'Greenlight', {
      vpc,
      securityGroup: security,
      configuration: readConfiguration(join(__dirname, '..', '..', 'greenlight.json')),
      services: [
        {
          cluster,
          slots: [worker.service],
          taskDefinitions: [taskDefinition, migration],
          repository,
          manifests,
          settings: {
            service: 'packer',
            environment: this.node.tryGetContext('environment') ?? 'example',
            cluster: cluster.clusterArn,
            taskDefinition: taskDefinition.family,
            container: 'packer',
            repository: repository.repositoryUri,
            slots: { a: { service: worker.service.serviceName } },
            traffic: null,
            database: { instance: database.instanceIdentifier, secret: database.secret!.secretArn },
            migrations: {
              tool: 'dbmate',
              manifests: `s3://${manifests.bucketName}/packer`,
              opaque: 'refuse',
              taskDefinition: migration.family,
              container: 'packer',
              command: ['node', 'migrate.mjs', 'up'],
              contractCommand: ['node', 'migrate.mjs', 'contract'],
              revertCommand: ['node', 'migrate.mjs', 'revert'],
              subnets: vpc.privateSubnets.map(({ subnetId }) => subnetId),
              securityGroups: worker.connections.securityGroups.map(({ securityGroupId }) => securityGroupId),
            },
            smokeTests: [],
            evidence: {
              alarms: [alarm.alarmName],
              metrics: [
                {
                  namespace: backlog.namespace,
                  metric: backlog.metricName,
                  dimensions: { a: { Service: 'packer' } },
                  statistic: 'Maximum',
                  periodSeconds: 10,
                  limit: { above: 120 },
                  missingData: 'healthy',
                },
              ],
            },
          },
        },
      ],
    });
    new CfnOutput(this, 'StateMachineArn', { value: workflow.stateMachine.stateMachineArn });
    new CfnOutput(this, 'JournalTable', { value: workflow.journal.tableName });
    new CfnOutput(this, 'ManifestsLocation', { value: `s3://${manifests.bucketName}/packer` });
  }
}
