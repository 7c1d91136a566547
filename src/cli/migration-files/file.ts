import type { Stage } from '../../domain/migrations/staged';
import { nameOf, type Project } from '../../migrations/project';

export interface WrittenFile {
  /** Below the folder that was named. */
  path: string;
  text: string;
}

/** A stage that is written as a migration of this time. */
export interface Timed {
  stage: Stage;
  time: Date;
}

/** A time as tools write it into names: 20261121093000. */
export const stamp = (time: Date) => time.toISOString().replaceAll(/\D/g, '').slice(0, 14);

/** Numbers of fewer digits are no dates. */
const DIGITS_OF_A_DATE = 8;

/** Versions such as 000003, V3 or V1_2: what stands before the number that goes up, and that number. */
const VERSION = /^V?((?:\d+[._](?=\d+(?:[._]\d+)*__))*)(\d+)_/;

interface Version {
  head: string;
  digits: string;
}

/** Numbers of all parts, so that two versions can be compared. */
const partsOf = ({ head, digits }: Version) => [...head.split(/[._]/).filter(Boolean), digits].map(BigInt);

function isNewer(one: Version, other: Version): boolean {
  const [left, right] = [partsOf(one), partsOf(other)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const [a, b] = [left[i] ?? 0n, right[i] ?? 0n];
    if (a !== b) return a > b;
  }
  return false;
}

/**
 * What the nth of several new files begins with, where the project counts its migrations one by one: its newest number
 * and those behind it, with as many digits. Undefined where it names them by time, or has none.
 */
export function counting({ files }: Pick<Project, 'files'>): ((index: number) => string) | undefined {
  const versions = files.flatMap((file): Version[] => {
    const [, head, digits] = VERSION.exec(nameOf(file)) ?? [];
    return head === undefined || digits === undefined ? [] : [{ head, digits }];
  });
  const [first, ...others] = versions;
  if (!first) return undefined;
  const newest = others.reduce((best, one) => (isNewer(one, best) ? one : best), first);
  const { head, digits } = newest;
  if ([head, digits].some((part) => part.split(/[._]/).some((one) => one.length >= DIGITS_OF_A_DATE)))
    return undefined;
  return (index) => `${head}${String(BigInt(digits) + BigInt(index) + 1n).padStart(digits.length, '0')}`;
}

/** The file in the folder of the stage's release: for tools whose migrations are one chain, whatever folder they lie in. */
export const inRelease = ({ release }: Stage, { path, text }: WrittenFile): WrittenFile => ({
  path: `release-${release}/${path}`,
  text,
});

/** The same for tools that can be given a folder of their own: what belongs to the contract part lies in one. */
export const inPart = (stage: Stage, { path, text }: WrittenFile): WrittenFile =>
  inRelease(stage, { path: stage.phase === 'contract' ? `contract/${path}` : path, text });
