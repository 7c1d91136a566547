import { createServer } from 'node:http';
import pg from 'pg';
import { connection } from './connection.mjs';
import { log } from './log.mjs';
import { routes } from './routes.mjs';
import { acceptStreams } from './streams.mjs';
import { work } from './work.mjs';

/** Longer than the load balancer's idle time-out (60 s), or it would send requests into closing connections. */
const KEEP_ALIVE_MS = 65_000;
/** Shorter than the stop time-out of Amazon ECS (30 s), which ends in SIGKILL. */
const FINISH_MS = 25_000;

async function respond(answer, request, version) {
  try {
    return await answer(request);
  } catch (error) {
    log('request failed', {
      version,
      method: request.method,
      path: request.url,
      code: error.code,
      error: error.message,
    });
    return { status: 500, body: { error: 'internal error' } };
  }
}

async function starts(required, database, version) {
  try {
    await required(database);
    return true;
  } catch (error) {
    log('cannot start', { version, code: error.code, error: error.message });
    return false;
  }
}

/**
 * Stops without losing a request: accepts no new connection, finishes what is in flight, closes idle
 * connections, then the pool. The process ends by itself with code 0.
 */
function stopOnSignal({ server, database, version }) {
  const stop = () => {
    if (!server.listening) return;
    log('stopping', { version });
    setTimeout(() => {
      log('requests did not finish in time', { version });
      process.exit(1);
    }, FINISH_MS).unref();
    server.close(async () => {
      await database.end();
      log('stopped', { version });
    });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/**
 * Runs one version of the shop: `queries` as in queries.mjs; PORT (8080) and HOST (0.0.0.0) are where it listens.
 * SHOP_MODE=worker, or =batch, has the same version work instead, without a port (work.mjs).
 * `required` is called with the pool first: when it rejects, the process ends with code 1. `around` may
 * answer instead of the routes; an answer without a status closes the connection.
 */
export async function serve({
  version,
  queries,
  required,
  around = (answer) => answer,
  environment = process.env,
}) {
  const database = new pg.Pool({
    ...connection(environment),
    application_name: `shop ${version}`,
    max: Number(environment.DB_POOL ?? 10),
    connectionTimeoutMillis: 5_000,
    query_timeout: 10_000,
  });
  // an idle connection that breaks is replaced by the pool; without a listener it would end the process
  database.on('error', (error) => log('idle connection lost', { version, error: error.message }));
  if (required && !(await starts(required, database, version))) process.exit(1);
  const { SHOP_MODE: mode } = environment;
  if (mode) return work({ version, queries, database, batch: mode === 'batch' });
  const answer = around(routes({ version, queries, database }));

  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, async (request, response) => {
    const { status, body } = await respond(answer, request, version);
    if (status === undefined) return request.socket.destroy();
    // close() spares connections with a request in flight: they have to go after their answer
    if (!server.listening) response.shouldKeepAlive = false;
    response.on('close', () => server.listening || server.closeIdleConnections());
    const text = JSON.stringify(body);
    response.writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      'x-version': version,
    });
    response.end(text);
  });
  acceptStreams(server, () => version);
  stopOnSignal({ server, database, version });
  server.listen(Number(environment.PORT ?? 8080), environment.HOST ?? '0.0.0.0', () =>
    log('listening', { version, ...server.address() }),
  );
}
