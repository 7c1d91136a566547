import * as z from 'zod/mini';
import { arnOf, nonEmpty } from '../text/schemas';

const secretArn = arnOf('secretsmanager:secret', 'the ARN of a secret of AWS Secrets Manager');
const keyArn = arnOf('kms:key', 'the ARN of a key of AWS KMS');
const keysOf = (what: string) =>
  z._default(z.array(keyArn).check(z.describe(`ARNs of the keys that encrypt ${what}.`)), []);

/** Its database, and who works on it. */
export const databaseSchema = z.strictObject({
  instance: z.optional(
    nonEmpty.check(
      z.maxLength(
        54,
        'expected at most 54 characters, because a restored one has nine more and RDS allows 63',
      ),
      z.describe(
        "Identifier of the RDS instance. A restored one's is nine characters longer, and RDS allows 63.",
      ),
    ),
  ),
  cluster: z.optional(
    nonEmpty.check(
      z.maxLength(
        51,
        'expected at most 51 characters, because its snapshots and a restored one have up to twelve more and RDS allows 63',
      ),
      z.describe(
        'Identifier of the DB cluster of Amazon Aurora PostgreSQL, in the place of `instance`. The names of its snapshots, and of what a restore makes, are up to twelve characters longer, and RDS allows 63.',
      ),
    ),
  ),
  secret: secretArn.check(
    z.describe('ARN of the secret as RDS writes it: host, port, dbname, username, password.'),
  ),
  readSecret: z.optional(
    secretArn.check(
      z.describe(
        'ARN of the secret of a user who only reads, for the steps that only look: they cannot read `secret`, which stays with those that watch and end migrations, gather statistics and lead the application to a restored instance. By default all of them use `secret`.',
      ),
    ),
  ),
  otherSecrets: z._default(
    z
      .array(secretArn)
      .check(
        z.describe(
          "ARNs of secrets of the application's other roles: a restore leads them to the restored instance as well.",
        ),
      ),
    [],
  ),
  roles: z._default(
    z
      .array(nonEmpty)
      .check(
        z.describe(
          "Roles under which the application and its migrations work, where that is not the secret's own user alone. Their sessions tell whether the previous version is gone.",
        ),
      ),
    [],
  ),
});

/** Keys of one's own, by which the service's secrets and manifests are encrypted. */
export const keysSchema = z.prefault(
  z
    .strictObject({
      secrets: keysOf('the secrets'),
      manifests: keysOf("the manifests' bucket"),
      databases: keysOf('the database and its snapshots'),
    })
    .check(
      z.describe('Keys of your own that the functions may use; the construct writes them, for `doctor`.'),
    ),
  {},
);
