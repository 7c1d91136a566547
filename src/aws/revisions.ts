import type { Revision } from '../domain/deployment/claims';
import type { Deployment } from '../domain/deployment/deployment';
import type { ReleaseWriter } from './fleet';
import type { Claims } from './journal';

/**
 * The revision of a task definition with the release's image in it, made once: a retry, and whoever needs the very image that
 * ran before, gets the same. `migration` is the one of the service's migrations.
 * @param from the task definition that the revision is made of
 */
export async function revisionOf(
  ports: { claims: Claims; releaseWriter: ReleaseWriter },
  { id, image }: Pick<Deployment, 'id' | 'image'>,
  name: 'green' | 'migration' | `worker-revision#${string}`,
  { from, container }: { from: string; container: string },
): Promise<Revision> {
  return (
    (await ports.claims.claimed(id, name)) ??
    (await ports.claims.claim(id, name, await ports.releaseWriter.revise(from, container, image)))
  );
}
