import { ResourceNotFoundException, type SecretsManager } from '@aws-sdk/client-secrets-manager';
import type { Clock } from '../../clock';
import type { Databases, Operations, Secrets, Service } from '../../service';
import { generateSecretString } from './password';
import { parseDynamic, parseValueFrom, type SecretReference } from './reference';
import { type Secret, SecretStore, type Version } from './store';

const $metadata = {};

export interface SecretsManagerService extends Service, Secrets {
  /**
   * The value of CloudFormation's `{{resolve:secretsmanager:id:SecretString:key:stage:version}}`.
   * Throws ResourceNotFoundException for an unknown secret, an Error for a missing JSON key.
   */
  resolveDynamic(reference: string): string;
}

const stagesOf = (secret: Secret) =>
  Object.fromEntries(secret.versions.map(({ id, stages }) => [id, [...stages]]));

const described = (secret: Secret) => ({
  ARN: secret.arn,
  Name: secret.name,
  Description: secret.description,
  CreatedDate: secret.created,
  LastChangedDate: secret.changed,
  Tags: secret.tags,
});

const written = (secret: Secret, version?: Version) => ({
  ARN: secret.arn,
  Name: secret.name,
  VersionId: version?.id,
  VersionStages: version && [...version.stages],
});

/** Secrets Manager without KMS, rotation and replication; `databases` is asked when a secret is attached to one. */
export function createSecretsManager({
  clock,
  databases,
}: {
  clock: Clock;
  databases: Databases;
}): SecretsManagerService {
  const store = new SecretStore(clock);

  function read({ secretId, jsonKey, stage, versionId }: SecretReference): string {
    const { secretString } = store.version(store.get(secretId), { id: versionId, stage });
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
        SecretString: version.secretString,
        CreatedDate: version.created,
      };
    },
    DescribeSecret: ({ SecretId }) => {
      const secret = store.get(SecretId!);
      return { ...described(secret), VersionIdsToStages: stagesOf(secret) };
    },
    ListSecrets: () => ({
      SecretList: store
        .all()
        .map((secret) => ({ ...described(secret), SecretVersionsToStages: stagesOf(secret) })),
    }),
    CreateSecret: ({ Name, SecretString, Description, Tags }) => {
      const tags = (Tags ?? []).map(({ Key, Value }) => ({ Key: Key!, Value: Value! }));
      const secret = store.create(Name!, SecretString ?? '', Description, tags);
      return written(secret, secret.versions[0]);
    },
    PutSecretValue: ({ SecretId, SecretString, VersionStages, ClientRequestToken }) => {
      const secret = store.get(SecretId!);
      return written(secret, store.put(secret, SecretString ?? '', VersionStages, ClientRequestToken));
    },
    UpdateSecret: ({ SecretId, SecretString, Description, ClientRequestToken }) => {
      const secret = store.get(SecretId!);
      if (Description !== undefined) secret.description = Description;
      const version =
        SecretString === undefined
          ? undefined
          : store.put(secret, SecretString, undefined, ClientRequestToken);
      return { ARN: secret.arn, Name: secret.name, VersionId: version?.id };
    },
  };

  /** Adds where the database answers to the secret, in the members that AWS's own rotation functions expect. */
  function attach(secretId: string, targetId: string): string {
    const secret = store.get(secretId);
    const database = databases.endpointOf(targetId);
    if (!database)
      throw new Error(`there is no database instance ${targetId} to attach secret ${secret.name} to`);
    const value = JSON.parse(store.version(secret, {}).secretString);
    store.put(
      secret,
      JSON.stringify({
        ...value,
        engine: database.engine,
        host: database.host,
        port: database.port,
        dbname: database.databaseName,
        dbInstanceIdentifier: database.identifier,
      }),
    );
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
        const secret = store.create(properties.Name ?? name, value, properties.Description, properties.Tags);
        return { ref: secret.arn, attributes: { Id: secret.arn } };
      },
      'AWS::SecretsManager::SecretTargetAttachment': ({ SecretId, TargetId, TargetType }) => {
        if (TargetType !== 'AWS::RDS::DBInstance')
          throw new Error(`a secret cannot be attached to ${TargetType} locally; use AWS::RDS::DBInstance`);
        const secretArn = attach(SecretId, TargetId);
        return { ref: secretArn, attributes: { Id: secretArn } };
      },
      'AWS::SecretsManager::RotationSchedule': () => {
        throw new Error('secrets are not rotated locally; leave AWS::SecretsManager::RotationSchedule out');
      },
    },
    value: (reference) => read(parseValueFrom(reference)),
    resolveDynamic: (reference) => read(parseDynamic(reference)),
  };
}
