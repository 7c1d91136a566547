import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { InstanceClass, InstanceSize, InstanceType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster } from 'aws-cdk-lib/aws-ecs';
import {
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ListenerAction,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import {
  Credentials,
  DatabaseInstance,
  DatabaseInstanceEngine,
  PostgresEngineVersion,
} from 'aws-cdk-lib/aws-rds';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** What a team has before it hears of Greenlight. Another team's stack knows only what it exports. */
export class ExistingStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const vpc = new Vpc(this, 'Vpc', { maxAzs: 2, natGateways: 1 });
    const cluster = new Cluster(this, 'Cluster', { vpc });
    const balancer = new ApplicationLoadBalancer(this, 'LoadBalancer', { vpc, internetFacing: true });
    const listener = (name: string, port: number) =>
      balancer.addListener(name, {
        port,
        protocol: ApplicationProtocol.HTTP,
        defaultAction: ListenerAction.fixedResponse(404),
      }).listenerArn;
    const database = new DatabaseInstance(this, 'Database', {
      vpc,
      engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.of('18.1', '18') }),
      instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.MICRO),
      credentials: Credentials.fromGeneratedSecret('shop'),
      databaseName: 'shop',
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const bucket = new Bucket(this, 'Releases');

    const exported: Record<string, string> = {
      VpcId: vpc.vpcId,
      PrivateSubnetA: vpc.privateSubnets[0]!.subnetId,
      PrivateSubnetB: vpc.privateSubnets[1]!.subnetId,
      ClusterName: cluster.clusterName,
      LoadBalancerSecurity: balancer.connections.securityGroups[0]!.securityGroupId,
      ProductionListener: listener('Production', 80),
      TestListener: listener('Test', 8080),
      DatabaseSecurity: database.connections.securityGroups[0]!.securityGroupId,
      DatabaseInstance: database.instanceIdentifier,
      DatabaseEndpoint: database.dbInstanceEndpointAddress,
      DatabaseSecret: database.secret!.secretArn,
      Bucket: bucket.bucketName,
    };
    for (const [name, value] of Object.entries(exported))
      new CfnOutput(this, `${name}Export`, { value, exportName: `Existing${name}` });
  }
}
