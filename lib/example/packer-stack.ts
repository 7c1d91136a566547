import { join } from 'node:path';
import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { readConfiguration } from '../service/configuration';
import { PureWorker } from '../service/pure-worker';
import { DeploymentWorkflow } from '../workflow/workflow';
import { clusterOf, databaseOf, databaseSecrets, manifestsOf, taskDefinitionOf } from './ground';

/** The example of a pure worker: it packs parcels, which are rows of its database, and answers nobody. */
export class PackerStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const { vpc, cluster } = clusterOf(this);
    const repository = Repository.fromRepositoryName(this, 'Repository', 'shop');
    const database = databaseOf(this, vpc, 'packer');
    const tasks = (id: string, family: string) =>
      taskDefinitionOf(this, id, {
        ...{ family, containerName: 'packer', secrets: databaseSecrets(database.secret!) },
        image: ContainerImage.fromEcrRepository(repository, 'packer-v1'),
      });

    const backlog = { namespace: 'Packer', statistic: 'Maximum' };
    const alarm = new Alarm(this, 'ParcelsWait', {
      metric: new Metric({ ...backlog, metricName: 'OldestParcelSeconds', period: Duration.seconds(10) }),
      threshold: 300,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    const packer = new PureWorker(this, 'Packer', {
      serviceName: 'packer',
      environment: this.node.tryGetContext('environment') ?? 'example',
      cluster,
      repository,
      taskDefinition: tasks('PackerTask', 'packer'),
      desiredCount: 2,
      database: { instance: database },
      migrations: {
        tool: 'dbmate',
        manifests: manifestsOf(this),
        opaque: 'refuse',
        taskDefinition: tasks('MigrationTask', 'packer-migration'),
        command: ['node', 'migrate.mjs', 'up'],
        contractCommand: ['node', 'migrate.mjs', 'contract'],
        revertCommand: ['node', 'migrate.mjs', 'revert'],
      },
      evidence: {
        alarms: [alarm],
        metrics: [
          {
            ...backlog,
            metric: 'OldestParcelSeconds',
            dimensions: () => ({ Service: 'packer' }),
            periodSeconds: 10,
            limit: { above: 120 },
            missingData: 'healthy',
          },
        ],
      },
    });
    const workflow = new DeploymentWorkflow(this, 'Greenlight', {
      configuration: readConfiguration(join(__dirname, '..', '..', 'greenlight.json')),
      services: [packer],
    });
    new CfnOutput(this, 'StateMachineArn', { value: workflow.stateMachine.stateMachineArn });
    new CfnOutput(this, 'JournalTable', { value: workflow.journal.tableName });
    new CfnOutput(this, 'ManifestsLocation', { value: packer.manifestsLocation });
  }
}
