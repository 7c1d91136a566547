import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, RemovalPolicy, Tags } from 'aws-cdk-lib';
import { InstanceClass, InstanceSize, InstanceType, type Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
  DBClusterStorageType,
  ParameterGroup,
} from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { ShopStack } from '../../../lib/example/shop-stack';
import { startWorld, type World } from './index';

/** A cluster of Aurora that has nothing as it is by default: a writer, and a reader of Serverless v2. */
function auroraOf(scope: Construct, vpc: Vpc, name: string): DatabaseCluster {
  const engine = DatabaseClusterEngine.auroraPostgres({
    version: AuroraPostgresEngineVersion.of('18.1', '18'),
  });
  const cluster = new DatabaseCluster(scope, 'Database', {
    ...{ vpc, engine, defaultDatabaseName: name, credentials: Credentials.fromGeneratedSecret(name) },
    writer: ClusterInstance.provisioned('Writer', {
      instanceType: InstanceType.of(InstanceClass.R8G, InstanceSize.LARGE),
      autoMinorVersionUpgrade: false,
      parameterGroup: new ParameterGroup(scope, 'WriterParameters', {
        engine,
        parameters: { log_lock_waits: '1' },
      }),
    }),
    readers: [ClusterInstance.serverlessV2('Reader', { scaleWithWriter: true })],
    parameterGroup: new ParameterGroup(scope, 'ClusterParameters', {
      engine,
      parameters: { max_connections: '150' },
    }),
    serverlessV2MinCapacity: 0.5,
    serverlessV2MaxCapacity: 8,
    storageType: DBClusterStorageType.AURORA_IOPT1,
    storageEncrypted: true,
    iamAuthentication: true,
    cloudwatchLogsExports: ['postgresql'],
    backup: { retention: Duration.days(9), preferredWindow: '02:00-02:30' },
    preferredMaintenanceWindow: 'tue:04:00-tue:04:30',
    monitoringInterval: Duration.seconds(30),
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  Tags.of(cluster).add('team', 'shop');
  return cluster;
}

/** The world of the example with a cluster of Aurora as its database. */
export async function startAuroraWorld(rate: number): Promise<World> {
  const assembly = mkdtempSync(join(tmpdir(), 'greenlight-aurora-'));
  const app = new App({ outdir: assembly, builtinCloudFormationValidation: false });
  new ShopStack(app, 'Shop', { database: auroraOf });
  app.synth();
  try {
    const world = await startWorld({ rate, assembly });
    const close = async () => {
      await world.close();
      rmSync(assembly, { recursive: true, force: true });
    };
    return { ...world, close };
  } catch (error) {
    rmSync(assembly, { recursive: true, force: true });
    throw error;
  }
}
