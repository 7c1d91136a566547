import { createFaults, type EndpointOptions, type Fault, startEndpoint } from '../../../local/endpoint';
import type { Caller, Service } from '../../../local/service';
import { sdkOf } from './sdk';

type Handlers = Record<string, Service['operations']>;

/** An endpoint for a few handlers, ended after the test, and clients for it. */
export async function endpointWith(
  handlers: Handlers,
  options: Partial<EndpointOptions> & { initial?: Fault[] } = {},
) {
  const faults = createFaults(options.initial);
  const endpoint = await startEndpoint({
    services: Object.entries(handlers).map(([signingName, operations]) => ({ signingName, operations })),
    authorise: () => {},
    faults,
    callerOf: (accessKeyId): Caller => ({ accessKeyId }),
    ...options,
  });
  open.push(endpoint);
  return { endpoint, faults };
}

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const { close } of open.splice(0)) await close();
});

/** Calls an operation through the real SDK client. */
export async function send(
  url: string,
  [service, operation]: readonly [service: string, operation: string],
  input: object,
  options: object = {},
): Promise<Record<string, unknown>> {
  const { sdk, client } = sdkOf(service, url, options);
  const Command = sdk[`${operation}Command`];
  if (!Command) throw new Error(`${service} has no ${operation}`);
  try {
    return await client.send(new Command(input));
  } finally {
    client.destroy();
  }
}

/** What a call was refused with. */
export async function refusal(call: Promise<unknown>) {
  const error = await call.then(
    () => new Error('the call succeeded'),
    (caught) => caught,
  );
  const { name, message, $metadata = {} } = error;
  return { name, message, status: $metadata.httpStatusCode, attempts: $metadata.attempts };
}

export const snapshotInput = { DBInstanceIdentifier: 'shop', DBSnapshotIdentifier: 'before' };
export const createSnapshot = ['rds', 'CreateDBSnapshot'] as const;
