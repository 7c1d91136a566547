import { revisionName } from './moves';
import { type Worker, workerName } from './settings';

/** What deployments have left the workers of a service to run, or to start: revisions, by ARN, under the workers' names. */
export type WorkersLeft = Record<string, string>;

/** A worker between two deployments; `runs` is undefined where it is not there. */
export interface WorkerStanding {
  worker: Worker;
  runs: string | undefined;
}

/**
 * What workers run that no deployment has left them with: an update of the user's own stack, or a person, has changed them. Empty
 * where there is no such worker; one that no deployment has moved yet is not compared.
 * @param release the command that releases what serves again, with its workers
 */
export function workerDrift(
  left: WorkersLeft,
  standing: readonly WorkerStanding[],
  { cluster, release }: { cluster: string; release: string },
): string {
  const found = standing.flatMap(({ worker, runs }) => {
    const name = workerName(worker);
    const wanted = left[name];
    if (wanted === undefined || wanted === runs) return [];
    const again =
      worker.kind === 'service'
        ? `; to set it back alone: aws ecs update-service --cluster ${cluster} --service ${worker.service} --task-definition ${wanted}`
        : '';
    return runs === undefined
      ? [`worker ${name} is not there, and ran ${revisionName(wanted)} after the last deployment`]
      : [
          `worker ${name} runs ${revisionName(runs)} where the last deployment left ${revisionName(wanted)}${again}`,
        ];
  });
  return found.length === 0
    ? ''
    : `${found.join('; ')}; an update of your stack has done that, or somebody; to release what serves again, with its workers: ${release}`;
}

/** What is left of workers once a release is taken back: of those that it had left with its own revision, what they ran before. */
export const takenBack = (
  left: WorkersLeft,
  workers: readonly { name: string; release: string | undefined; before: string }[],
): WorkersLeft => ({
  ...left,
  ...Object.fromEntries(
    workers.flatMap(({ name, release, before }) =>
      release !== undefined && left[name] === release ? [[name, before]] : [],
    ),
  ),
});
