import type { Judgement } from '../check';

/** Something that a database needs over the months, whoever deploys what. Nothing of it turns a deployment back. */
export interface Upkeep<Seen> {
  /** What it looks for, in a few words. */
  about: string;
  judge(seen: Seen): Judgement;
  /** Numbers that tell a trend between two runs, by their names in a report. */
  figures?(seen: Seen): Record<string, number>;
}

export const upkeep = <Seen>(given: Upkeep<Seen>): Upkeep<Seen> => given;

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];

/** "1.5 MiB" */
export function sizeText(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${Number((bytes / 1024 ** power).toPrecision(3))} ${UNITS[power]}`;
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
