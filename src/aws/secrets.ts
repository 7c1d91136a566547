import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { SecretSeen } from '../domain/doctor/database';
import { TransientFault } from '../domain/step/errors';
import type { Port } from '../domain/step/port';

/** Where the application finds its database. */
export interface SecretRepointer {
  /**
   * Puts another database's name and address into the secret and leaves user and password alone, also those that somebody
   * rotates in the same moment. Nothing of the secret leaves this port; the previous version stays in the secret as AWSPREVIOUS.
   * Throws a TransientFault while a rotation is on its way: what it has prepared holds the former address.
   */
  repoint(
    secret: string,
    database: string,
    address: { host: string; port: number },
    now: Date,
  ): Promise<void>;
}

/** What a secret of an instance and one of a cluster call it. */
const IDENTIFIERS = ['dbInstanceIdentifier', 'dbClusterIdentifier'];

/** The label of a version until it takes the place of the current one. */
const PREPARED = 'GREENLIGHT';
/** A rotation that has prepared a password and not used it for so long has failed. */
const ROTATION_MS = 15 * 60_000;
/** Each but the first because the secret was changed meanwhile. */
const ATTEMPTS = 5;

/** When a rotation has prepared a version that is not the current one; undefined where none has. */
async function prepared(secrets: SecretsManagerClient, SecretId: string): Promise<Date | undefined> {
  try {
    const { VersionStages, CreatedDate } = await secrets.send(
      new GetSecretValueCommand({ SecretId, VersionStage: 'AWSPENDING' }),
    );
    return VersionStages?.includes('AWSCURRENT') ? undefined : CreatedDate;
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

/**
 * Makes a version the current one in the place of another. False when that is not the current one any more.
 * Source: AWS Secrets Manager API Reference, UpdateSecretVersionStage.
 */
async function takesPlace(
  secrets: SecretsManagerClient,
  SecretId: string,
  MoveToVersionId: string | undefined,
  RemoveFromVersionId: string | undefined,
): Promise<boolean> {
  try {
    await secrets.send(
      new UpdateSecretVersionStageCommand({
        ...{ SecretId, VersionStage: 'AWSCURRENT' },
        ...{ MoveToVersionId, RemoveFromVersionId },
      }),
    );
    return true;
  } catch (error) {
    if ((error as Error).name === 'InvalidParameterException') return false;
    throw error;
  }
}

export const secretRepointer: Port<SecretRepointer> = {
  grants: [
    {
      sid: 'RepointSecret',
      actions: [
        'secretsmanager:GetSecretValue',
        'secretsmanager:PutSecretValue',
        'secretsmanager:UpdateSecretVersionStage',
      ],
      on: ['ledSecrets'],
    },
  ],
  open() {
    const secrets = new SecretsManagerClient({});
    return {
      async repoint(secret, database, { host, port }, now) {
        for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
          const rotating = await prepared(secrets, secret);
          if (rotating && now.getTime() - rotating.getTime() < ROTATION_MS)
            throw new TransientFault(
              `the secret ${secret} is being rotated, and its next version leads to the former database`,
            );
          const { SecretString, VersionId } = await secrets.send(
            new GetSecretValueCommand({ SecretId: secret }),
          );
          const value = JSON.parse(SecretString ?? '{}') as Record<string, unknown>;
          if (value.host === host && value.port === port) return;
          // as RDS writes it. Source: AWS Secrets Manager User Guide, "JSON structure of secrets"
          const named = IDENTIFIERS.filter((name) => name in value).map((name) => [name, database]);
          const made = await secrets.send(
            new PutSecretValueCommand({
              SecretId: secret,
              SecretString: JSON.stringify({ ...value, ...Object.fromEntries(named), host, port }),
              VersionStages: [PREPARED],
            }),
          );
          if (await takesPlace(secrets, secret, made.VersionId, VersionId)) return;
        }
        throw new TransientFault(
          `the secret ${secret} was changed at each of ${ATTEMPTS} attempts to change it`,
        );
      },
    };
  },
};

export interface SecretExaminer {
  /** What is known of a secret without reading it; undefined where there is none. */
  of(secret: string): Promise<SecretSeen | undefined>;
}

export const secretExaminer: Port<SecretExaminer> = {
  grants: [{ sid: 'ExamineSecret', actions: ['secretsmanager:DescribeSecret'], on: ['ledSecrets'] }],
  open() {
    const secrets = new SecretsManagerClient({});
    return {
      async of(SecretId) {
        try {
          const { DeletedDate, KmsKeyId } = await secrets.send(new DescribeSecretCommand({ SecretId }));
          return { deletedAt: DeletedDate?.toISOString(), key: KmsKeyId };
        } catch (error) {
          if ((error as Error).name === 'ResourceNotFoundException') return undefined;
          throw error;
        }
      },
    };
  },
};
