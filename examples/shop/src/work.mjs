import { setTimeout as pause } from 'node:timers/promises';
import { log } from './log.mjs';

/** How long to wait where no parcel does, or the database cannot be reached. */
const IDLE_MS = 100;

/** Two workers never take the same parcel, and what one has taken when it ends is taken again. */
const TAKE =
  'select id, order_id from parcels where packed_by is null order by id limit 1 for update skip locked';
const PACK = 'update parcels set packed_by = $2, problem = $3 where id = $1';

/** Packs the oldest parcel that waits; false where none does. */
async function packNext(client, order, version) {
  await client.query('begin');
  const [parcel] = (await client.query(TAKE)).rows;
  if (!parcel) {
    await client.query('commit');
    return false;
  }
  // a parcel of an order that this version cannot read is not packed a second time: it says so
  await client.query('savepoint reading');
  let problem = null;
  try {
    await client.query({ ...order, values: [parcel.order_id] });
  } catch (error) {
    problem = error.message;
    await client.query('rollback to savepoint reading');
  }
  await client.query(PACK, [parcel.id, version, problem]);
  await client.query('commit');
  return true;
}

/**
 * Runs one version of the shop as a worker, which packs the parcels that wait in the table `parcels` until it is told to stop:
 * it finishes the one that it has begun, and ends with code 0. A `batch` ends by itself once no parcel waits.
 */
export async function work({ version, queries, database, batch = false }) {
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => stopping.abort());
  log('working', { version });
  while (!stopping.signal.aborted) {
    let packed = false;
    try {
      const client = await database.connect();
      try {
        packed = await packNext(client, queries.order, version);
      } finally {
        client.release();
      }
    } catch (error) {
      log('no parcel could be packed', { version, code: error.code, error: error.message });
    }
    if (!packed && batch) break;
    if (!packed) await pause(IDLE_MS, undefined, { signal: stopping.signal }).catch(() => {});
  }
  await database.end();
  log('stopped', { version });
}
