import { paginateDescribeDBClusters, paginateDescribeDBInstances, RDSClient } from '@aws-sdk/client-rds';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { FoundDatabase, FoundTask } from '../domain/init/found';

/** All databases of the account in the region, by where they answer. */
async function databases(): Promise<FoundDatabase[]> {
  const client = new RDSClient({});
  const found: FoundDatabase[] = [];
  for await (const { DBInstances = [] } of paginateDescribeDBInstances({ client }, {}))
    for (const one of DBInstances)
      found.push({
        database: { kind: 'instance', name: one.DBInstanceIdentifier ?? '' },
        type: { engine: one.Engine ?? '', memberOf: one.DBClusterIdentifier },
        host: one.Endpoint?.Address ?? '',
        port: one.Endpoint?.Port ?? 5432,
        securityGroups: (one.VpcSecurityGroups ?? []).flatMap(
          ({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? [],
        ),
        zones: Object.fromEntries(
          (one.DBSubnetGroup?.Subnets ?? []).map(({ SubnetIdentifier = '', SubnetAvailabilityZone }) => [
            SubnetIdentifier,
            SubnetAvailabilityZone?.Name ?? '',
          ]),
        ),
      });
  for await (const { DBClusters = [] } of paginateDescribeDBClusters({ client }, {}))
    for (const one of DBClusters)
      found.push({
        database: { kind: 'cluster', name: one.DBClusterIdentifier ?? '' },
        type: { engine: one.Engine ?? '', mode: one.EngineMode },
        host: one.Endpoint ?? '',
        port: one.Port ?? 5432,
        securityGroups: (one.VpcSecurityGroups ?? []).flatMap(
          ({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? [],
        ),
        zones: {},
      });
  return found;
}

/** Where a secret leads, and whether it has all that Amazon RDS writes into one; nothing else of it goes on. */
async function leadOf(secrets: SecretsManagerClient, arn: string) {
  try {
    const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: arn }));
    const said = JSON.parse(SecretString) as Record<string, unknown>;
    const whole = ['host', 'port', 'dbname', 'username', 'password'].every(
      (name) => said[name] !== undefined,
    );
    return { arn, host: String(said.host ?? ''), port: Number(said.port ?? 5432), whole };
  } catch {
    // one that is no JSON, or that who asks may not read, leads nowhere
    return undefined;
  }
}

/** The database that secrets or variables of the tasks lead to. */
export async function databaseOf({ containers }: FoundTask): Promise<FoundDatabase | undefined> {
  const all = await databases();
  const client = new SecretsManagerClient({});
  const arns = containers
    .flatMap(({ secrets }) => Object.values(secrets))
    .filter((from) => from.split(':')[2] === 'secretsmanager')
    .map((from) => from.split(':').slice(0, 7).join(':'));
  const leads = (await Promise.all([...new Set(arns)].map((arn) => leadOf(client, arn)))).flatMap(
    (lead) => lead ?? [],
  );
  for (const { arn, host, port, whole } of leads) {
    const led = all.find((one) => one.host === host && one.port === port);
    if (led) return { ...led, ...(whole ? { secret: arn } : {}) };
  }
  const values = containers.flatMap(({ environment }) => Object.values(environment));
  return all.find(({ host }) => host !== '' && values.some((value) => value.includes(host)));
}
