import { invalidCombination, invalidValue } from './faults';

/** What is said of a volume. */
export interface Storage {
  /** GiB. */
  allocatedStorage: number;
  storageType: string;
  iops?: number;
  /** MiB a second. */
  storageThroughput?: number;
}

/** GiB from which a gp3 volume of PostgreSQL is striped and can be given other figures (RDS guide, "gp3 storage"). */
const STRIPED = 400;
/** The least of each type in GiB, for PostgreSQL. */
const LEAST: Record<string, number> = { gp2: 5, gp3: 20, io1: 100, io2: 100, standard: 5 };
const LARGEST = 65_536;

/** Throws for a volume that RDS refuses: of an unknown type or size, or with figures that its size does not have. */
export function checkStorage({ allocatedStorage, storageType, iops, storageThroughput }: Storage): void {
  const least = LEAST[storageType];
  if (least === undefined) throw invalidValue(`Invalid storage type: ${storageType}`);
  if (!Number.isInteger(allocatedStorage) || allocatedStorage < least || allocatedStorage > LARGEST) {
    throw invalidValue(
      `Invalid storage size for engine name postgres and storage type ${storageType}: ${allocatedStorage}`,
    );
  }
  const isNamed = iops !== undefined || storageThroughput !== undefined;
  if (storageType === 'gp3' && allocatedStorage < STRIPED && isNamed) {
    throw invalidCombination(
      `You can't specify IOPS or storage throughput for engine postgres and a storage size less than ${STRIPED}.`,
    );
  }
  if (storageType.startsWith('io') && iops === undefined)
    throw invalidCombination(`You must specify IOPS for storage type ${storageType}.`);
  if (storageThroughput !== undefined && storageType !== 'gp3')
    throw invalidCombination('You can specify storage throughput for gp3 storage only.');
  if (iops !== undefined && (storageType === 'gp2' || storageType === 'standard'))
    throw invalidCombination(`You can't specify IOPS for storage type ${storageType}.`);
}

/** What is shown of a volume: gp3 has figures of its own where none are named. */
export function shownStorage({ allocatedStorage, storageType, iops, storageThroughput }: Storage) {
  const isStriped = allocatedStorage >= STRIPED;
  const own =
    storageType === 'gp3'
      ? { Iops: isStriped ? 12_000 : 3_000, StorageThroughput: isStriped ? 500 : 125 }
      : undefined;
  return {
    AllocatedStorage: allocatedStorage,
    StorageType: storageType,
    Iops: iops ?? own?.Iops,
    StorageThroughput: storageThroughput ?? own?.StorageThroughput,
  };
}

/** A volume never shrinks, and grows by a tenth at least (API reference, ModifyDBInstance). */
export function grownStorage(before: number, wanted: number): number {
  if (wanted < before) {
    throw invalidCombination(
      `Requested storage size (${wanted}) cannot be less than the current storage size (${before})`,
    );
  }
  return wanted === before ? before : Math.max(wanted, Math.ceil((before * 11) / 10));
}
