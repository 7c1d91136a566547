import { randomBytes, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  InvalidParameterException,
  InvalidRequestException,
  ResourceExistsException,
  ResourceNotFoundException,
  SecretsManagerServiceException,
} from '@aws-sdk/client-secrets-manager';
import type { Clock } from '../../clock';
import { arn } from '../../names';

/** What a version holds: a text or bytes. */
export type Value = { secretString: string } | { secretBinary: Uint8Array };

export interface Version {
  id: string;
  value: Value;
  stages: Set<string>;
  created: Date;
}
export interface Secret {
  arn: string;
  name: string;
  description?: string;
  created: Date;
  changed: Date;
  versions: Version[];
  tags: { Key: string; Value: string }[];
  /** The ARN of the account's own key that encrypts it. */
  key?: string;
}

const $metadata = {};
/** Versions without a stage are the ones AWS deletes first. */
const KEPT_VERSIONS = 20;

const suffix = () => randomBytes(8).toString('base64url').replace(/[-_]/g, 'x').slice(0, 6);

const NAME = /^[\w/+=.@!-]+$/;

const invalidName = () =>
  new SecretsManagerServiceException({
    name: 'ValidationException',
    $fault: 'client',
    message:
      'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    $metadata,
  });

export interface NewSecret {
  name: string;
  value?: Value;
  description?: string;
  tags?: Secret['tags'];
  token?: string;
  key?: string;
}

/** The secrets with their versions and staging labels (AWSCURRENT, AWSPREVIOUS and one's own). */
export class SecretStore {
  private readonly secrets = new Map<string, Secret>();
  constructor(private readonly clock: Clock) {}

  /** Without a value the secret has no version until one is put. */
  create({ name, value, description, tags = [], token, key }: NewSecret): Secret {
    if (!NAME.test(name)) throw invalidName();
    if (this.find(name))
      throw new ResourceExistsException({
        message: `The operation failed because the secret ${name} already exists.`,
        $metadata,
      });
    const now = new Date(this.clock.now());
    const secret: Secret = {
      arn: arn('secretsmanager', `secret:${name}-${suffix()}`),
      name,
      description,
      created: now,
      changed: now,
      versions: [],
      tags,
      key,
    };
    this.secrets.set(name, secret);
    if (value) this.put(secret, value, undefined, token);
    return secret;
  }

  all(): Secret[] {
    return [...this.secrets.values()];
  }

  /** By name, by ARN, or by ARN without the six random characters, as AWS accepts it. */
  find(id: string): Secret | undefined {
    return (
      this.secrets.get(id) ??
      this.all().find((secret) => secret.arn === id || secret.arn.slice(0, -'-xxxxxx'.length) === id)
    );
  }

  delete({ name }: Secret): void {
    this.secrets.delete(name);
  }

  /** Like find; throws ResourceNotFoundException. */
  get(id: string): Secret {
    const secret = this.find(id);
    if (!secret)
      throw new ResourceNotFoundException({
        message: "Secrets Manager can't find the specified secret.",
        $metadata,
      });
    return secret;
  }

  /**
   * Adds a version; each of its stages moves away from the version that had it. A token is the id of a version: used
   * again with the same value it changes nothing, with another it is refused with ResourceExistsException.
   */
  put(secret: Secret, value: Value, stages: string[] = ['AWSCURRENT'], id: string = randomUUID()): Version {
    const known = secret.versions.find((version) => version.id === id);
    if (known) {
      if (isDeepStrictEqual(known.value, value)) return known;
      throw new ResourceExistsException({
        message: `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret ${secret.arn}.`,
        $metadata,
      });
    }
    const version: Version = {
      id,
      value,
      stages: new Set(stages),
      created: new Date(this.clock.now()),
    };
    for (const stage of stages) this.takeAway(secret, stage);
    secret.versions = [
      ...secret.versions.filter(({ stages }) => stages.size > 0).slice(-KEPT_VERSIONS),
      version,
    ];
    secret.changed = version.created;
    return version;
  }

  /** Takes a stage from the version that has it, which is AWSPREVIOUS once it is AWSCURRENT no more. */
  private takeAway(secret: Secret, stage: string): void {
    const holder = secret.versions.find(({ stages }) => stages.has(stage));
    holder?.stages.delete(stage);
    if (!holder || stage !== 'AWSCURRENT') return;
    for (const { stages } of secret.versions) stages.delete('AWSPREVIOUS');
    holder.stages.add('AWSPREVIOUS');
  }

  /** Moves a stage from one version to another, or takes it away: only from the version that has it. */
  move(secret: Secret, stage: string, { to, from }: { to?: string; from?: string }): void {
    const holder = secret.versions.find(({ stages }) => stages.has(stage));
    if (holder?.id !== from && (holder?.id !== to || from !== undefined))
      throw new InvalidParameterException({
        message: holder
          ? `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`
          : `The staging label ${stage} is not attached to version ${from}.`,
        $metadata,
      });
    if (stage === 'AWSCURRENT' && to === undefined)
      throw new InvalidParameterException({
        message: 'You cannot remove the staging label AWSCURRENT from all versions.',
        $metadata,
      });
    const target = to === undefined ? undefined : this.version(secret, { id: to });
    if (target === holder) return;
    this.takeAway(secret, stage);
    if (target && stage === 'AWSCURRENT') target.stages.delete('AWSPREVIOUS');
    target?.stages.add(stage);
    secret.changed = new Date(this.clock.now());
  }

  /** The version by id and/or stage, AWSCURRENT by default; throws ResourceNotFoundException. */
  version(secret: Secret, { id, stage }: { id?: string; stage?: string }): Version {
    const wanted = stage ?? (id ? undefined : 'AWSCURRENT');
    const found = secret.versions.find(
      (version) => (!id || version.id === id) && (!wanted || version.stages.has(wanted)),
    );
    if (found) return found;
    const what = id ? `VersionId: ${id}` : `staging label: ${wanted}`;
    throw new ResourceNotFoundException({
      message: `Secrets Manager can't find the specified secret value for ${what}`,
      $metadata,
    });
  }

  /** The text of a version; throws InvalidRequestException for one that holds bytes. */
  text(secret: Secret, wanted: { id?: string; stage?: string }): string {
    const { value } = this.version(secret, wanted);
    if ('secretString' in value) return value.secretString;
    throw new InvalidRequestException({
      message: `The secret ${secret.name} has no SecretString.`,
      $metadata,
    });
  }
}
