/**
 * For how long, in ms of cloud time, what RDS does with an instance is shown beside the work that it is here. RDS documents the
 * states (Amazon RDS User Guide, "Viewing DB instance status") and no times. Change it to see who waits for them.
 */
export interface Pace {
  /** `creating`, of a new or a restored instance. */
  creatingMs: number;
  /** `backing-up`, as soon as an instance with automatic backups is there. */
  firstBackupMs: number;
  /** `modifying`, after ModifyDBInstance. */
  modifyingMs: number;
  /** `storage-optimization`, once a volume has grown: the instance is used meanwhile. */
  optimisingMs: number;
  /** Of what was restored: the volume is read from the snapshot as it is needed, and `StorageOperationStatus` says so. */
  initialisingMs: number;
}

export const AT_ONCE: Pace = {
  creatingMs: 0,
  firstBackupMs: 3_000,
  modifyingMs: 0,
  optimisingMs: 0,
  initialisingMs: 0,
};

/** Much less than AWS takes, and long enough that who does not wait is found out. */
export const SLOW: Pace = {
  creatingMs: 60_000,
  firstBackupMs: 60_000,
  modifyingMs: 30_000,
  optimisingMs: 120_000,
  initialisingMs: 300_000,
};
