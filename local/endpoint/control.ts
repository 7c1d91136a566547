import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from './body';
import { parseFault, problemsOf } from './fault-flag';
import { type Fault, type Faults, faultSchema } from './faults';

export const FAULTS_PATH = '/_local/faults';

function faultOf(value: unknown): Fault {
  if (typeof value === 'string') return parseFault(value);
  const parsed = faultSchema.safeParse(value);
  if (!parsed.success) throw new Error(problemsOf(parsed.error));
  return parsed.data;
}

function answer(response: ServerResponse, status: number, value?: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(value === undefined ? '' : JSON.stringify(value));
}

async function add(faults: Faults, request: IncomingMessage): Promise<void> {
  const value: unknown = JSON.parse((await readBody(request, 'rpc')).toString('utf8'));
  for (const fault of (Array.isArray(value) ? value : [value]).map(faultOf)) faults.add(fault);
}

/**
 * The faults over HTTP, for another process: `GET` lists them, `POST` adds one fault or a list of them (objects, or
 * strings as for `--fault`), `DELETE` removes all. Answers 200 with the faults now set, or 400 with a `message`.
 */
export async function controlFaults(
  faults: Faults,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A web page the user happens to visit could otherwise send simple cross-site requests here.
  if (request.headers.origin !== undefined) return answer(response, 403, { message: 'not for web pages' });
  try {
    if (request.method === 'POST') await add(faults, request);
    else if (request.method === 'DELETE') faults.clear();
    else if (request.method !== 'GET') return answer(response, 405, { message: 'use GET, POST or DELETE' });
    answer(response, 200, faults.list());
  } catch (error) {
    answer(response, 400, { message: error instanceof Error ? error.message : String(error) });
  }
}
