import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { connection } from './connection.mjs';
import { log } from './log.mjs';

/** How long the packer waits when there is nothing to pack. */
const IDLE_MS = 50;

/** The oldest parcel that nobody packs at this moment: another packer's is skipped, and comes back if that one dies. */
const TAKE = 'select id from parcels where packed = 0 order by id limit 1 for update skip locked';

/**
 * Packs parcels until it is told to stop, each in a transaction of its own: one that is begun is finished first.
 * @param set what the version writes on a parcel, as the SET clause of an UPDATE
 * @param needs how many milliseconds of work a parcel is
 */
export async function pack({ version, set, needs = 2, environment = process.env }) {
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'])
    process.on(signal, () => {
      stopping = true;
    });
  const client = new pg.Client({ ...connection(environment), application_name: `packer ${version}` });
  await client.connect();
  // the first version may be started before its first migration has run
  const isThere = async () => (await client.query("select to_regclass('parcels') as found")).rows[0].found;
  while (!stopping && !(await isThere())) await sleep(IDLE_MS);
  log('packing', { version });
  while (!stopping) {
    await client.query('begin');
    const { rows } = await client.query(TAKE);
    if (rows.length > 0) {
      await sleep(needs);
      await client.query(
        `update parcels set ${set}, packed = packed + 1, packed_by = $2, packed_at = clock_timestamp() where id = $1`,
        [rows[0].id, version],
      );
    }
    await client.query('commit');
    if (rows.length === 0) await sleep(IDLE_MS);
  }
  await client.end();
  log('stopped', { version });
}
