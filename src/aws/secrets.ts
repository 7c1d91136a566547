import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { SecretSeen } from '../domain/doctor/database';
import type { Port } from '../domain/step/port';

/** Where the application finds its database. */
export interface SecretRepointer {
  /**
   * Puts another instance's name and address into the secret and leaves user and password alone. Nothing of the secret
   * leaves this port; the previous version stays in the secret as AWSPREVIOUS.
   */
  repoint(secret: string, instance: string, address: { host: string; port: number }): Promise<void>;
}

export const secretRepointer: Port<SecretRepointer> = {
  grants: [
    {
      sid: 'RepointSecret',
      actions: ['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'],
      on: ['secrets'],
    },
  ],
  open() {
    const secrets = new SecretsManagerClient({});
    return {
      async repoint(secret, instance, { host, port }) {
        const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: secret }));
        const value = JSON.parse(SecretString ?? '{}') as Record<string, unknown>;
        if (value.host === host && value.port === port) return;
        // as RDS writes it. Source: AWS Secrets Manager User Guide, "JSON structure of secrets"
        const named = 'dbInstanceIdentifier' in value ? { dbInstanceIdentifier: instance } : {};
        await secrets.send(
          new PutSecretValueCommand({
            SecretId: secret,
            SecretString: JSON.stringify({ ...value, ...named, host, port }),
          }),
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
  grants: [{ sid: 'ExamineSecret', actions: ['secretsmanager:DescribeSecret'], on: ['secrets'] }],
  open() {
    const secrets = new SecretsManagerClient({});
    return {
      async of(SecretId) {
        try {
          const { DeletedDate } = await secrets.send(new DescribeSecretCommand({ SecretId }));
          return { deletedAt: DeletedDate?.toISOString() };
        } catch (error) {
          if ((error as Error).name === 'ResourceNotFoundException') return undefined;
          throw error;
        }
      },
    };
  },
};
