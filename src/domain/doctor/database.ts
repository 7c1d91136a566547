import { type DatabaseType, unsupported } from '../database/supported';
import { type RdsDatabase, shownDatabase } from '../settings/database';
import { about, type Finding } from './finding';

/** A database instance or cluster as RDS has it. */
export interface DatabaseSeen extends DatabaseType {
  status: string;
  backupDays: number;
  /** The newest moment that its backups can bring back, in ISO 8601; undefined where RDS does not say. */
  restorableUntil?: string;
  encrypted: boolean;
  publiclyAccessible: boolean;
  deletionProtection: boolean;
  /** Until when its certificate is valid, or the first of its instances', in ISO 8601; undefined where RDS does not say. */
  certificateUntil: string | undefined;
  /** What it is a replica of, and what replicates from it, be it in another region. */
  replicaOf?: string;
  replicas?: readonly string[];
  /** ARN of the key that encrypts it, be it one that AWS manages. */
  key?: string;
}
export interface SecretSeen {
  /** When it goes, in ISO 8601; undefined where nobody has deleted it. */
  deletedAt: string | undefined;
  /** Its own key, by ARN, id or alias; undefined for the one that AWS manages. */
  key?: string;
}
/** The server from outside. */
export interface ServerFacts {
  /** That of the settings, or the one that took its place in a restore. */
  database: RdsDatabase;
  /** Undefined where it is not there. */
  found: DatabaseSeen | undefined;
  now: Date;
}
export interface DatabaseFacts extends ServerFacts {
  /** The one of the application, and the one that only reads where it is another; undefined is what is not there. */
  secrets: readonly { name: string; seen: SecretSeen | undefined }[];
}

const { stops, risks } = about('database');
const SOON_MS = 30 * 24 * 3600 * 1000;
/** RDS brings its log away every five minutes. Source: Amazon RDS User Guide, "Restoring a DB instance to a specified time". */
const BACKUP_LATE_MS = 3600 * 1000;

const sinceBackup = ({ restorableUntil }: DatabaseSeen, now: Date) =>
  restorableUntil === undefined ? undefined : now.getTime() - Date.parse(restorableUntil);

/** States in which a database takes work. Source: Amazon RDS User Guide, "Viewing DB instance status". */
const AT_WORK = ['available', 'backing-up', 'storage-optimization', 'configuring-enhanced-monitoring'];

/** What is wrong with the server of a database. */
export function serverFindings({ database, found, now }: ServerFacts): Finding[] {
  const it = shownDatabase(database);
  if (!found) return [stops(`there is no ${it}; set database.${database.kind} to the one that serves`)];
  const other = unsupported(database, found);
  if (other) return [stops(other)];
  if (found.replicaOf)
    return [
      stops(
        `${it} is a read replica of ${found.replicaOf}; set database.${database.kind} to the one that takes writes`,
      ),
    ];
  const until = found.certificateUntil && Date.parse(found.certificateUntil);
  return [
    ...(AT_WORK.includes(found.status)
      ? []
      : [stops(`${it} is ${found.status}; a deployment waits until it is available`)]),
    ...(until && until - now.getTime() < SOON_MS
      ? [
          stops(
            `the certificate of ${it} is valid until ${found.certificateUntil}; rotate it, because every connection of the workflow verifies it`,
          ),
        ]
      : []),
    ...(found.backupDays === 0
      ? [
          risks(
            `${it} takes no automatic snapshots, so beside the deployments' own nothing is left to go back to; have RDS keep some days of them`,
          ),
        ]
      : []),
    ...(found.backupDays > 0 && (sinceBackup(found, now) ?? 0) > BACKUP_LATE_MS
      ? [
          risks(
            `the backups of ${it} reach until ${found.restorableUntil} alone, and RDS brings them on every five minutes; look at its events`,
          ),
        ]
      : []),
    ...(found.replicas?.length
      ? [
          risks(
            `${found.replicas.join(', ')} replicates from ${it}, and a restore puts another one in its place that nothing replicates from: make replicas of that one afterwards`,
          ),
        ]
      : []),
    ...(found.encrypted
      ? []
      : [
          risks(
            `the storage of ${it}, and so each snapshot, is not encrypted; restore it from an encrypted copy of a snapshot`,
          ),
        ]),
    ...(found.publiclyAccessible
      ? [risks(`${it} has a public address; take it away where nobody outside the VPC needs it`)]
      : []),
    ...(found.deletionProtection
      ? []
      : [risks(`${it} is not protected from deletion; turn deletion protection on`)]),
  ];
}

/** Of the server's backups, for a trend. */
export function serverFigures({ found, now }: ServerFacts): Record<string, number> {
  const late = found && sinceBackup(found, now);
  return {
    ...(found && { 'backups kept, days': found.backupDays }),
    ...(late === undefined
      ? {}
      : { 'restorable until, minutes ago': Math.max(0, Math.round(late / 60_000)) }),
  };
}

/** What is wrong with a service's database, as RDS and Secrets Manager see it from outside. */
export function databaseFindings(facts: DatabaseFacts): Finding[] {
  return [
    ...serverFindings(facts),
    ...facts.secrets.flatMap(({ name, seen }) =>
      seen
        ? seen.deletedAt
          ? [stops(`the secret ${name} was deleted and goes on ${seen.deletedAt}; restore it`)]
          : []
        : [
            stops(
              `there is no secret ${name}; set database.secret to the one that the application uses, and database.readSecret to that of a user who only reads, or leave it out`,
            ),
          ],
    ),
  ];
}
