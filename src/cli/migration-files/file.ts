import type { Stage } from '../../domain/migrations/staged';

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

/** The file in the folder of the stage's release; what belongs to its contract part lies in a folder of that. */
export const inRelease = ({ release, phase }: Stage, { path, text }: WrittenFile): WrittenFile => ({
  path: `release-${release}/${phase === 'contract' ? 'contract/' : ''}${path}`,
  text,
});
