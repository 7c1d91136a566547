import { noRoom } from '../domain/database/connections';
import type { Deployment } from '../domain/deployment/deployment';
import type { VitalsRead } from '../domain/evidence/database';
import { readerOf } from '../domain/settings/roles';
import type { VitalsReader } from './vitals';

/** Where it is written down how the database was doing. */
interface Before {
  claimed(deployment: string, name: 'vitals-before'): Promise<VitalsRead | undefined>;
  claim(deployment: string, name: 'vitals-before', value: VitalsRead): Promise<VitalsRead>;
}

/**
 * Why green is not started beside the live version; undefined where the database has room for both, or cannot be read, which
 * is judged once users are on green. Writes down how it was doing before green opened its connections, because what hurts it
 * from then on may be green's doing.
 * @param live addresses of the live version's tasks
 */
export async function noRoomBeside(
  live: string[],
  { id, settings }: Deployment,
  ports: { claims: Before; vitals: VitalsReader },
): Promise<string | undefined> {
  // a retry would find green's own connections
  if (await ports.claims.claimed(id, 'vitals-before')) return undefined;
  const connections = await ports.vitals.connections(readerOf(settings), live);
  const full = 'used' in connections ? noRoom(connections) : undefined;
  if (full) return full;
  const before = await ports.vitals.of(readerOf(settings), settings.thresholds.blockedSeconds);
  await ports.claims.claim(id, 'vitals-before', before);
  return undefined;
}
