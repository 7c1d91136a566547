import { journalReader } from '../aws/journal';
import { notWatched } from '../domain/traffic/pause';
import { control } from './pause';

/** Ends a pause as well. */
export const endStep = control({ paused: false, promoted: true }, async (_, workflow, deployment) =>
  notWatched((await journalReader.open(workflow).rows(deployment)).at(-1)),
);
