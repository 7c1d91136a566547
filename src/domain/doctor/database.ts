import type { Settings } from '../settings/settings';
import { about, type Finding } from './finding';

/** A database instance as RDS has it. */
export interface InstanceSeen {
  engine: string;
  status: string;
  backupDays: number;
  encrypted: boolean;
  publiclyAccessible: boolean;
  deletionProtection: boolean;
  /** Until when its certificate is valid, in ISO 8601; undefined where RDS does not say. */
  certificateUntil: string | undefined;
}
export interface SecretSeen {
  /** When it goes, in ISO 8601; undefined where nobody has deleted it. */
  deletedAt: string | undefined;
}
export interface DatabaseFacts {
  settings: Settings;
  /** Its name: that of the settings, or of the one that took its place in a restore. */
  instance: string;
  /** Undefined where it is not there. */
  found: InstanceSeen | undefined;
  secret: SecretSeen | undefined;
  now: Date;
}

const { stops, risks } = about('database');
const SOON_MS = 30 * 24 * 3600 * 1000;

/** States in which an instance takes work. Source: Amazon RDS User Guide, "Viewing DB instance status". */
const AT_WORK = ['available', 'backing-up', 'storage-optimization', 'configuring-enhanced-monitoring'];

function instanceFindings({ instance, found, now }: DatabaseFacts): Finding[] {
  if (!found)
    return [stops(`there is no database instance ${instance}; set database.instance to the one that serves`)];
  if (found.engine !== 'postgres')
    return [
      stops(
        `database instance ${instance} runs ${found.engine}, and only postgres is known: snapshots and restores of a cluster are others`,
      ),
    ];
  const until = found.certificateUntil && Date.parse(found.certificateUntil);
  return [
    ...(AT_WORK.includes(found.status)
      ? []
      : [
          stops(`database instance ${instance} is ${found.status}; a deployment waits until it is available`),
        ]),
    ...(until && until - now.getTime() < SOON_MS
      ? [
          stops(
            `the certificate of database instance ${instance} is valid until ${found.certificateUntil}; rotate it, because every connection of the workflow verifies it`,
          ),
        ]
      : []),
    ...(found.backupDays === 0
      ? [
          risks(
            `database instance ${instance} takes no automatic snapshots, so beside the deployments' own nothing is left to go back to; have RDS keep some days of them`,
          ),
        ]
      : []),
    ...(found.encrypted
      ? []
      : [
          risks(
            `the storage of database instance ${instance}, and so each snapshot, is not encrypted; restore it from an encrypted copy of a snapshot`,
          ),
        ]),
    ...(found.publiclyAccessible
      ? [
          risks(
            `database instance ${instance} has a public address; take it away where nobody outside the VPC needs it`,
          ),
        ]
      : []),
    ...(found.deletionProtection
      ? []
      : [risks(`database instance ${instance} is not protected from deletion; turn deletion protection on`)]),
  ];
}

/** What is wrong with a service's database, as RDS and Secrets Manager see it from outside. */
export function databaseFindings(facts: DatabaseFacts): Finding[] {
  const { settings, secret } = facts;
  const name = settings.database.secret;
  return [
    ...instanceFindings(facts),
    ...(secret
      ? secret.deletedAt
        ? [stops(`the secret ${name} was deleted and goes on ${secret.deletedAt}; restore it`)]
        : []
      : [stops(`there is no secret ${name}; set database.secret to the one that the application uses`)]),
  ];
}
