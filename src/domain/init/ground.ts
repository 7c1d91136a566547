import type { Found } from './found';
import type { Gaps } from './gaps';
import { groupOf, type Lines } from './lines';
import { type Code, written } from './source';

/** What the service stands on: its VPC and its database. */

export function vpcOf(
  { group, subnets, publicIp, balancer, database }: Found,
  lines: Lines,
  open: Gaps,
): Code {
  const zones = { ...database?.zones, ...balancer?.zones };
  const own = [...subnets].sort();
  const availabilityZones = own.map(
    (subnet) => zones[subnet] ?? open.text(`zone of ${subnet}`, `the availability zone of ${subnet}`),
  );
  const attributes = {
    vpcId: group?.vpc ?? open.text('VPC', 'the id of the VPC of the service'),
    availabilityZones,
    ...(publicIp
      ? {
          publicSubnetIds: own,
          privateSubnetIds: own.map((subnet) =>
            open.text(
              `private subnet beside ${subnet}`,
              `a private subnet of the zone of ${subnet}: functions of the workflow get no public address, so they need subnets with a NAT gateway or the endpoints of docs/security.md`,
            ),
          ),
        }
      : { privateSubnetIds: own }),
  };
  return lines.named(
    'vpc',
    'vpc',
    (id) => `ec2.Vpc.fromVpcAttributes(this, ${id}, ${written(attributes, '    ')})`,
  );
}

export function databaseOf({ database }: Found, lines: Lines, open: Gaps): object {
  if (!database)
    return {
      instance: open.other(
        'database',
        'the RDS instance, or cluster of Amazon Aurora, that the service works on: nothing of its environment or its secrets leads to one',
      ),
      secret: open.other('database.secret', 'the secret with host, port, dbname, username and password'),
    };
  const { host, port, secret } = database;
  const { kind, name } = database.database;
  const securityGroups = database.securityGroups.map((id) => groupOf(lines, id, 'databaseGroup'));
  const attributes =
    kind === 'instance'
      ? { instanceIdentifier: name, instanceEndpointAddress: host, port, securityGroups }
      : { clusterIdentifier: name, clusterEndpointAddress: host, port, securityGroups };
  const maker =
    kind === 'instance'
      ? 'DatabaseInstance.fromDatabaseInstanceAttributes'
      : 'DatabaseCluster.fromDatabaseClusterAttributes';
  return {
    [kind]: lines.named(
      'database',
      `database ${name}`,
      (id) => `rds.${maker}(this, ${id}, ${written(attributes, '    ')})`,
    ),
    secret: secret
      ? lines.named(
          'secret',
          secret,
          (id) => `secretsmanager.Secret.fromSecretCompleteArn(this, ${id}, ${JSON.stringify(secret)})`,
        )
      : open.other(
          'database.secret',
          `a secret with host, port, dbname, username and password of ${name}, as Amazon RDS writes it`,
        ),
  };
}
