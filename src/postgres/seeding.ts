import { type SeedsLook, type Unseen, uncompared } from '../domain/seeds/proof';
import { readerOf } from '../domain/settings/roles';
import type { Settings } from '../domain/settings/settings';
import type { Data } from './data';
import type { Validation } from './validation';

/** Looks at the database before or after a run of the seeds. */
export async function lookAround(
  ports: { data: Data; validation: Validation },
  settings: Settings,
): Promise<SeedsLook | Unseen> {
  const { migrations, seeds } = settings;
  const secret = readerOf(settings);
  const [observed, data] = await Promise.all([
    ports.validation.observe(secret, { roles: [], checks: [], history: migrations }),
    ports.data.record(secret, migrations, seeds.compareBytes),
  ]);
  if ('unreachable' in observed) return { unseen: observed.unreachable };
  if ('unreachable' in data)
    return { unseen: `${data.unreachable}; where reading takes too long, lower seeds.compareBytes` };
  const writes = await ports.data.writes(secret, uncompared(data));
  if ('unreachable' in writes) return { unseen: writes.unreachable };
  return { fingerprint: observed.schema.fingerprint, data, ...writes };
}
