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

/** The file in the folder of the stage's release: for tools whose migrations are one chain, whatever folder they lie in. */
export const inRelease = ({ release }: Stage, { path, text }: WrittenFile): WrittenFile => ({
  path: `release-${release}/${path}`,
  text,
});

/** The same for tools that can be given a folder of their own: what belongs to the contract part lies in one. */
export const inPart = (stage: Stage, { path, text }: WrittenFile): WrittenFile =>
  inRelease(stage, { path: stage.phase === 'contract' ? `contract/${path}` : path, text });
