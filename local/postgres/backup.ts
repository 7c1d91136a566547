import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeLiteral } from 'pg';
import { type Cluster, type ClusterParts, runAsServer, serverDirectory } from './cluster';
import { asSuperuser } from './superuser';

/** A physical backup of a whole cluster, consistent without having stopped it. */
export interface Backup {
  directory: string;
  /** The backup carries the superuser's password inside. */
  superuserPassword: string;
}

/** Copies a running cluster into `directory`, which is made; it is removed again when the backup fails. */
export async function backUp(parts: ClusterParts, cluster: Cluster, directory: string): Promise<Backup> {
  await serverDirectory(parts, directory);
  try {
    await asSuperuser(
      cluster,
      (client) =>
        client.query(
          `BASE_BACKUP (LABEL 'snapshot', TARGET 'server', TARGET_DETAIL ${escapeLiteral(directory)}, ` +
            `CHECKPOINT 'fast', WAL true, PROGRESS true, MANIFEST 'yes')`,
        ),
      { replication: 'true' },
    );
  } catch (error) {
    await removeBackup({ directory });
    throw error;
  }
  return { directory, superuserPassword: cluster.superuserPassword };
}

/** How much of the running backup is done, 0-99; the end is known only when the backup has ended. */
export async function backupPercent(cluster: Cluster): Promise<number> {
  const { rows } = await asSuperuser(cluster, (client) =>
    client.query<{ done: number | null }>(
      'SELECT 100.0 * backup_streamed / nullif(backup_total, 0) AS done FROM pg_stat_progress_basebackup LIMIT 1',
    ),
  );
  return Math.min(99, Math.floor(Number(rows[0]?.done ?? 0)));
}

/** A new cluster that replays the changes of a running one, not started. */
export async function follow(parts: ClusterParts, followed: Cluster, directory: string): Promise<Cluster> {
  const backup = await backUp(parts, followed, `${directory}.backup`);
  const cluster = await restore(parts, backup, directory);
  await removeBackup(backup);
  return { ...cluster, follows: followed };
}

/** A new cluster from a backup, not started. */
export async function restore(parts: ClusterParts, backup: Backup, directory: string): Promise<Cluster> {
  await serverDirectory(parts, directory);
  await runAsServer(parts, 'tar', ['-xf', join(backup.directory, 'base.tar'), '-C', directory]);
  return { directory, superuserPassword: backup.superuserPassword, port: 0 };
}

export const removeBackup = ({ directory }: Pick<Backup, 'directory'>) =>
  rm(directory, { recursive: true, force: true });
