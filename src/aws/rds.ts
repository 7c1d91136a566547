import type { Tag } from '@aws-sdk/client-rds';
import type { Left, Missing } from '../domain/database/restored-settings';
import type { RdsDatabase } from '../domain/settings/database';

/** What instances and clusters of RDS have in common. */

/** A database on its way to being usable. */
export interface DatabaseState {
  status: 'creating' | 'available' | 'failed';
  /** Takes a snapshot when it is asked for one. */
  free: boolean;
  detail: string;
  /** Where it answers and takes writes; null until it does. */
  address: { host: string; port: number } | null;
}
/** An instance that shows what another one writes, with sessions of its own. */
export interface Reader {
  name: string;
  status: string;
  /** Absent until it has one. */
  address?: { host: string; port: number };
}
export interface Restore {
  snapshot: string;
  deployment: string;
  /** The one that the template made: its name is the beginning of the new one's. */
  original: RdsDatabase;
  /** The one that serves: the new one is set up as it is. */
  like: string;
}

/** Amazon RDS User Guide, "Viewing DB instance status"; anything else is on its way. */
const FAILED = /^(failed|incompatible-|restore-error|inaccessible-|deleting|storage-full|stopp)/;
/** A database is used while RDS takes its own first snapshot, which begins as soon as an instance is there. */
const USABLE = ['available', 'backing-up', 'storage-optimization'];
/** Amazon RDS API Reference, CreateDBSnapshot and CreateDBClusterSnapshot. */
export const FREE = ['available', 'storage-optimization'];

export const stateOf = (status: string, answers: boolean) =>
  USABLE.includes(status) && answers ? 'available' : FAILED.test(status) ? 'failed' : 'creating';

/** The tag that makes a snapshot, or what was restored from one, a deployment's own. */
export const OWNER = 'greenlight:deployment';

export const isOf = (deployment: string, tags: readonly Tag[] | undefined) =>
  tags?.some(({ Key, Value }) => Key === OWNER && Value === deployment) ?? false;

/** The source's tags and the deployment's own; names that begin with aws: are AWS's. */
export const inherited = (tags: readonly Tag[] = [], deployment: string): Tag[] => [
  ...tags.filter(({ Key }) => !Key?.startsWith('aws:') && Key !== OWNER),
  { Key: OWNER, Value: deployment },
];

/** All of it, where nobody can see what is missing. */
export const UNSEEN: Missing = { what: 'all that a restore leaves at its defaults' };

/** How what is missing is set, of an instance or a cluster. */
interface Setters {
  modify(changes: object): Promise<unknown>;
  addRole(role: { RoleArn: string; FeatureName: string }): Promise<unknown>;
}

/** What stays missing after a call that sets it. */
export async function tried(
  of: RdsDatabase,
  missing: Missing[],
  send: () => Promise<unknown>,
): Promise<Left[]> {
  try {
    if (missing.length > 0) await send();
    return [];
  } catch (error) {
    const { name, message } = error as Error;
    return missing.map((one) => ({ ...one, of, because: `${name}: ${message}` }));
  }
}

/** Sets what is missing, one call after the other: while one change is made, RDS refuses the next. */
export async function setMissing(
  of: RdsDatabase,
  missing: Missing[],
  { modify, addRole }: Setters,
): Promise<Left[]> {
  const changed = (wanted: Missing[]) =>
    tried(of, wanted, () => modify(Object.assign({}, ...wanted.map((one) => one.modify))));
  const left: Left[] = missing
    .filter((one) => !one.modify && !one.role)
    .map((one) => ({ ...one, of, because: '' }));
  // a role that may not be handed over must not take the rest with it
  for (const one of missing) if (one.role) left.push(...(await tried(of, [one], () => addRole(one.role!))));
  left.push(...(await changed(missing.filter((one) => one.modify && !one.modify.MonitoringRoleArn))));
  left.push(...(await changed(missing.filter((one) => one.modify?.MonitoringRoleArn))));
  return left;
}
