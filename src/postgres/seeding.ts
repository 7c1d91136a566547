import { type SeedsLook, type Unseen, uncompared } from '../domain/seeds/proof';
import { readerOf } from '../domain/settings/roles';
import type { Settings } from '../domain/settings/settings';
import type { Data } from './data';
import type { Validation } from './validation';

/** A proof that takes too long is none, and no reason to end a deployment: sooner than the function would be ended. */
const LONGEST_SECONDS = 45;

interface Ports {
  data: Data;
  validation: Validation;
}

async function look({ data, validation }: Ports, settings: Settings): Promise<SeedsLook | Unseen> {
  const { migrations, seeds } = settings;
  const secret = readerOf(settings);
  const [observed, rows] = await Promise.all([
    validation.observe(secret, { roles: [], checks: [], history: migrations }),
    data.record(secret, migrations, seeds.compareBytes),
  ]);
  if ('unreachable' in observed) return { unseen: observed.unreachable };
  if ('unreachable' in rows)
    return { unseen: `${rows.unreachable}; where reading takes too long, lower seeds.compareBytes` };
  const writes = await data.writes(secret, uncompared(rows));
  if ('unreachable' in writes) return { unseen: writes.unreachable };
  return { fingerprint: observed.schema.fingerprint, data: rows, ...writes };
}

/** Looks at the database before or after a run of the seeds. */
export async function lookAround(ports: Ports, settings: Settings): Promise<SeedsLook | Unseen> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Unseen>((resolve) => {
    const unseen = `reading the rows takes more than ${LONGEST_SECONDS} s; lower seeds.compareBytes, now ${settings.seeds.compareBytes}`;
    timer = setTimeout(() => resolve({ unseen }), LONGEST_SECONDS * 1000);
  });
  try {
    return await Promise.race([look(ports, settings), late]);
  } finally {
    clearTimeout(timer);
  }
}
