import { isDeepStrictEqual } from 'node:util';
import {
  InvalidNextTokenException,
  InvalidParameterException,
  InvalidRequestException,
  ResourceNotFoundException,
  type SecretsManager,
} from '@aws-sdk/client-secrets-manager';
import type { Clock } from '../../clock';
import { ownKey } from '../../names';
import type { Databases, Operations, Secrets, Service } from '../../service';
import { passes } from './filters';
import { generateSecretString } from './password';
import { parseDynamic, parseValueFrom, type SecretReference } from './reference';
import { type Secret, SecretStore, type Value, type Version } from './store';

const $metadata = {};

export interface SecretsManagerService extends Service, Secrets {
  /**
   * The value of CloudFormation's `{{resolve:secretsmanager:id:SecretString:key:stage:version}}`.
   * Throws ResourceNotFoundException for an unknown secret, an Error for a missing JSON key.
   */
  resolveDynamic(reference: string): string;
}

/** Undefined for a secret that has never had a value. */
const stagesOf = ({ versions }: Secret) =>
  versions.length === 0 ? undefined : Object.fromEntries(versions.map(({ id, stages }) => [id, [...stages]]));

/** ListSecrets gives no more at a time. */
const MOST_LISTED = 100;

const shownValue = (value: Value) =>
  'secretString' in value ? { SecretString: value.secretString } : { SecretBinary: value.secretBinary };

interface Given {
  SecretString?: string;
  SecretBinary?: Uint8Array;
}

/** The value of a request, undefined without one; text and bytes cannot be given together. */
function givenValue({ SecretString, SecretBinary }: Given): Value | undefined {
  if (SecretString !== undefined && SecretBinary !== undefined) {
    throw new InvalidParameterException({
      message: "You can't specify both a binary secret value and a string secret value in the same secret.",
      $metadata,
    });
  }
  if (SecretString !== undefined) return { secretString: SecretString };
  return SecretBinary === undefined ? undefined : { secretBinary: SecretBinary };
}

const described = (secret: Secret) => ({
  ARN: secret.arn,
  Name: secret.name,
  Description: secret.description,
  CreatedDate: secret.created,
  LastChangedDate: secret.changed,
  KmsKeyId: secret.key,
  Tags: secret.tags,
});

const written = (secret: Secret, version?: Version) => ({
  ARN: secret.arn,
  Name: secret.name,
  VersionId: version?.id,
  VersionStages: version && [...version.stages],
});

/** Secrets Manager without rotation and replication, and with KMS as far as who may use a key; `databases` is asked when a secret is attached to one. */
export function createSecretsManager({
  clock,
  databases,
}: {
  clock: Clock;
  databases: Databases;
}): SecretsManagerService {
  const store = new SecretStore(clock);

  function read({ secretId, jsonKey, stage, versionId }: SecretReference): string {
    const secretString = store.text(store.get(secretId), { id: versionId, stage });
    if (!jsonKey) return secretString;
    const value = JSON.parse(secretString)[jsonKey];
    if (value === undefined)
      throw new ResourceNotFoundException({
        message: `retrieved secret from Secrets Manager did not contain json key ${jsonKey}`,
        $metadata,
      });
    return typeof value === 'string' ? value : JSON.stringify(value);
  }

  const operations: Operations<SecretsManager> = {
    GetSecretValue: ({ SecretId, VersionId, VersionStage }) => {
      const secret = store.get(SecretId!);
      const version = store.version(secret, { id: VersionId, stage: VersionStage });
      return {
        ...written(secret, version),
        ...shownValue(version.value),
        CreatedDate: version.created,
      };
    },
    DescribeSecret: ({ SecretId }) => {
      const secret = store.get(SecretId!);
      return { ...described(secret), VersionIdsToStages: stagesOf(secret) };
    },
    ListSecrets: ({ Filters, MaxResults = MOST_LISTED, NextToken = '0', SortOrder = 'desc' }) => {
      const start = Number(NextToken);
      if (!Number.isInteger(start) || start < 0)
        throw new InvalidNextTokenException({ message: 'Invalid NextToken', $metadata });
      const found = store.all().filter(passes(Filters));
      if (SortOrder === 'asc') found.reverse();
      const end = start + MaxResults;
      return {
        SecretList: found
          .slice(start, end)
          .map((secret) => ({ ...described(secret), SecretVersionsToStages: stagesOf(secret) })),
        NextToken: end < found.length ? String(end) : undefined,
      };
    },
    CreateSecret: ({ Name, Description, Tags, ClientRequestToken, KmsKeyId, ...given }) => {
      const secret = store.create({
        name: Name!,
        value: givenValue(given),
        description: Description,
        tags: (Tags ?? []).map(({ Key, Value }) => ({ Key: Key!, Value: Value! })),
        token: ClientRequestToken,
        key: ownKey(KmsKeyId),
      });
      return written(secret, secret.versions[0]);
    },
    PutSecretValue: ({ SecretId, VersionStages, ClientRequestToken, ...given }) => {
      const value = givenValue(given);
      if (!value) {
        throw new InvalidRequestException({
          message: 'You must provide either SecretString or SecretBinary.',
          $metadata,
        });
      }
      const secret = store.get(SecretId!);
      return written(secret, store.put(secret, value, VersionStages, ClientRequestToken));
    },
    UpdateSecretVersionStage: ({ SecretId, VersionStage, MoveToVersionId, RemoveFromVersionId }) => {
      const secret = store.get(SecretId!);
      store.move(secret, VersionStage!, { to: MoveToVersionId, from: RemoveFromVersionId });
      return { ARN: secret.arn, Name: secret.name };
    },
    UpdateSecret: ({ SecretId, Description, ClientRequestToken, KmsKeyId, ...given }) => {
      const secret = store.get(SecretId!);
      if (KmsKeyId !== undefined) secret.key = ownKey(KmsKeyId);
      const value = givenValue(given);
      const version = value && store.put(secret, value, undefined, ClientRequestToken);
      if (Description !== undefined) secret.description = Description;
      return { ARN: secret.arn, Name: secret.name, VersionId: version?.id };
    },
  };

  /** Adds where the database answers to the secret, in the members that AWS's own rotation functions expect. */
  function attach(secretId: string, targetId: string, isCluster: boolean): string {
    const secret = store.get(secretId);
    const database = isCluster ? databases.clusterEndpointOf(targetId) : databases.endpointOf(targetId);
    if (!database) throw new Error(`there is no database ${targetId} to attach secret ${secret.name} to`);
    const value = JSON.parse(store.text(secret, {}));
    store.put(secret, {
      secretString: JSON.stringify({
        ...value,
        engine: database.engine,
        host: database.host,
        port: database.port,
        dbname: database.databaseName,
        [isCluster ? 'dbClusterIdentifier' : 'dbInstanceIdentifier']: database.identifier,
      }),
    });
    return secret.arn;
  }

  return {
    signingName: 'secretsmanager',
    operations,
    resources: {
      'AWS::SecretsManager::Secret': (properties, { name }) => {
        const generated = properties.GenerateSecretString;
        const value = generated
          ? generateSecretString(generated)
          : (properties.SecretString ?? generateSecretString({}));
        const secret = store.create({
          name: properties.Name ?? name,
          value: { secretString: value },
          description: properties.Description,
          tags: properties.Tags,
          key: ownKey(properties.KmsKeyId),
        });
        return { ref: secret.arn, attributes: { Id: secret.arn } };
      },
      'AWS::SecretsManager::SecretTargetAttachment': ({ SecretId, TargetId, TargetType }) => {
        const isCluster = TargetType === 'AWS::RDS::DBCluster';
        if (!isCluster && TargetType !== 'AWS::RDS::DBInstance')
          throw new Error(
            `a secret cannot be attached to ${TargetType} locally; use AWS::RDS::DBInstance or AWS::RDS::DBCluster`,
          );
        const secretArn = attach(SecretId, TargetId, isCluster);
        return { ref: secretArn, attributes: { Id: secretArn } };
      },
      'AWS::SecretsManager::RotationSchedule': () => {
        throw new Error('secrets are not rotated locally; leave AWS::SecretsManager::RotationSchedule out');
      },
    },
    updates: {
      'AWS::SecretsManager::Secret': (properties, { ref, before }) => {
        if (!isDeepStrictEqual([properties.Name, properties.KmsKeyId], [before.Name, before.KmsKeyId]))
          throw new Error(
            'a change of Name or KmsKeyId of a secret is not served locally; make another secret',
          );
        const secret = store.get(ref);
        secret.description = properties.Description;
        secret.tags = properties.Tags ?? [];
        const { GenerateSecretString: generated, SecretString: given } = properties;
        const isOther = !isDeepStrictEqual(
          [generated, given],
          [before.GenerateSecretString, before.SecretString],
        );
        if (isOther) store.put(secret, { secretString: given ?? generateSecretString(generated ?? {}) });
        return { ref, attributes: { Id: ref } };
      },
    },
    removals: {
      'AWS::SecretsManager::Secret': (ref) => store.delete(store.get(ref)),
      // what the secret has learned of its database stays in it
      'AWS::SecretsManager::SecretTargetAttachment': () => {},
      'AWS::SecretsManager::RotationSchedule': () => {},
    },
    // a policy that names it without its random end means it as well
    keyOf: (resource) =>
      store.find(resource.split(':secret:')[1]?.replace(/-\?{6}$/, '') ?? '')?.key ??
      store.find(resource)?.key,
    value: (reference) => read(parseValueFrom(reference)),
    resolveDynamic: (reference) => read(parseDynamic(reference)),
  };
}
