import { NormalizedSchema } from '@smithy/core/schema';
import type { SchemaRef, StaticOperationSchema } from '@smithy/types';
import { createFaults, type Endpoint, type EndpointOptions, startEndpoint } from '../../../local/endpoint';
import { type Description, describe, signingNames } from '../../../local/endpoint/descriptions';
import { canonical, differences } from './canonical';
import { generate } from './generate';
import { randomFrom, seedOf } from './random';
import { sdkOf } from './sdk';

/** All but the REST services: paths and headers cannot carry any value; their own tests cover what they serve. */
export const rpcServices = signingNames.filter((name) => !['s3', 'lambda', 'scheduler'].includes(name));

/** What the far end of a call received, and what it shall answer. */
interface Exchange {
  operation?: string;
  input?: unknown;
  output?: unknown;
  error?: Error;
}

export interface Echo {
  endpoint: Endpoint;
  descriptions: readonly Description[];
  exchange: Exchange;
}

export interface EchoOptions {
  /** Chooses the output of each call; without it `exchange.output` is the answer. */
  answer?(operation: StaticOperationSchema): unknown;
  extra?: EndpointOptions['extra'];
}

/** Event streams are not part of the endpoint's protocols. */
const streams = (operation: StaticOperationSchema) =>
  [operation[4], operation[5]].some((schema) => {
    const normalized = NormalizedSchema.of(schema as SchemaRef);
    return normalized.isStructSchema() && normalized.getEventStreamMember() !== '';
  });

export const served = (description: Description) =>
  [...description.operations.values()].filter((operation) => !streams(operation));

/** An endpoint for every service, whose operations record their input and answer as they are told. */
export async function startEcho({ answer, extra }: EchoOptions = {}): Promise<Echo> {
  const descriptions = await Promise.all(signingNames.map(describe));
  const exchange: Exchange = {};
  const perform = (operation: StaticOperationSchema) => (input: unknown) => {
    exchange.operation = operation[2];
    exchange.input = input;
    if (exchange.error) throw exchange.error;
    if (answer) exchange.output = answer(operation);
    return exchange.output;
  };
  const services = descriptions.map((description) => ({
    signingName: description.signingName,
    operations: Object.fromEntries(
      served(description).map((operation) => [operation[2], perform(operation)]),
    ),
  }));
  const endpoint = await startEndpoint({
    services,
    authorise: () => {},
    faults: createFaults(),
    callerOf: (accessKeyId) => ({ accessKeyId }),
    // the wire must carry whatever a type allows
    constraints: false,
    extra,
  });
  return { endpoint, descriptions, exchange };
}

export interface Report {
  service: string;
  operations: number;
  errors: number;
  calls: number;
  mismatches: string[];
}

/** Members that clients use up or fill in by themselves. */
const CLIENT_SIDE = ['EndpointId', 'SourceRegion', 'PreSignedUrl', 'AccountId'];

function withoutClientSide(input: unknown): Record<string, unknown> {
  const rest = { ...(input as Record<string, unknown> | undefined) };
  for (const member of CLIENT_SIDE) delete rest[member];
  return rest;
}

/** Idempotency tokens that the client made up. */
function withoutNewTokens(received: unknown, sent: unknown): unknown {
  const rest = { ...(received as Record<string, unknown>) };
  for (const name of Object.keys(rest)) {
    if (/token|^OperationId$/i.test(name) && !(name in (sent as object))) delete rest[name];
  }
  return rest;
}

/** What the query protocol can say of a canonical value: it has no words for a structure without members. */
function sayable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sayable);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, sayable(member)] as const);
  const said = members.filter(([, member]) => member !== undefined);
  return said.length === 0 ? undefined : Object.fromEntries(said);
}

type Sdk = ReturnType<typeof sdkOf>;

async function call(
  { sdk, client }: Sdk,
  { exchange }: Echo,
  operation: StaticOperationSchema,
  seed: number,
) {
  const [, , name, , inputSchema, outputSchema] = operation;
  const Command = sdk[`${name}Command`];
  if (!Command) return [`${name}: the package has no command for it`];
  const input = withoutClientSide(generate(inputSchema as SchemaRef, randomFrom(seed)));
  const query = client.config.protocol.getShapeId().endsWith('awsQuery');
  const sent = (query ? sayable(canonical(input)) : canonical(input)) ?? {};
  exchange.output = generate(outputSchema as SchemaRef, randomFrom(seed + 1));
  const output = await client.send(new Command(input));
  return [
    ...differences(sent, withoutNewTokens(canonical(exchange.input), sent), `${name} input`),
    ...differences(canonical(exchange.output ?? {}), canonical(output), `${name} output`),
  ];
}

/** Clients send them without a signature, by which alone the endpoint knows who calls: they are refused. */
const UNSIGNED = new Set(['AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity']);

/** DashboardNotFoundError shares its query code with ResourceNotFound, so clients cannot tell them apart. */
const AMBIGUOUS = new Set(['DashboardNotFoundError']);

async function provoke(
  { sdk, client }: Sdk,
  { exchange, descriptions }: Echo,
  service: string,
  error: string,
) {
  const description = descriptions.find(({ signingName }) => signingName === service)!;
  const schema = description.errors.get(error)!;
  const [operation] = served(description) as [StaticOperationSchema];
  const random = randomFrom(seedOf(error));
  const members = generate(schema as unknown as SchemaRef, random) as Record<string, unknown>;
  const message = `no ${error} <&> "here"`;
  const Exception = sdk[error] as unknown as new (options: object) => Error;
  exchange.error = new Exception({ ...members, message, Message: message, $metadata: {} });
  const Command = sdk[`${operation[2]}Command`]!;
  try {
    await client.send(new Command(withoutClientSide(generate(operation[4] as SchemaRef, random))));
    return [`${error}: nothing was thrown`];
  } catch (caught) {
    if (!(caught instanceof Exception)) return [`${error}: arrived as ${caught}`];
    const own = Object.entries(members).filter(([name]) => name.toLowerCase() !== 'message');
    const arrived = caught as unknown as Record<string, unknown>;
    return [
      ...differences(message, caught.message, `${error} message`),
      ...own.flatMap(([name, value]) =>
        differences(canonical(value), canonical(arrived[name]), `${error}.${name}`),
      ),
    ];
  } finally {
    exchange.error = undefined;
  }
}

/** Sends random input and output through the real client of a service: every operation `rounds` times, every error once. */
export async function roundTrip(
  echo: Echo,
  service: string,
  rounds: number,
  clientOptions: object = {},
): Promise<Report> {
  const description = echo.descriptions.find(({ signingName }) => signingName === service)!;
  const sdk = sdkOf(service, echo.endpoint.url, clientOptions);
  const operations = served(description).filter(([, , name]) => !UNSIGNED.has(name));
  const errors = [...description.errors.keys()].filter((name) => !AMBIGUOUS.has(name) && sdk.sdk[name]);
  const mismatches: string[] = [];
  const attempt = async (name: string, run: () => Promise<string[]>) => {
    const found = await run().catch((error) => [`${name}: threw ${error}`]);
    mismatches.push(...found.slice(0, 1));
  };
  for (const operation of operations) {
    for (let round = 0; round < rounds; round++) {
      const seed = seedOf(`${service}:${operation[2]}:${round}`);
      await attempt(operation[2], () => call(sdk, echo, operation, seed));
    }
  }
  for (const error of errors) await attempt(error, () => provoke(sdk, echo, service, error));
  sdk.client.destroy();
  const calls = operations.length * rounds + errors.length;
  return { service, operations: operations.length, errors: errors.length, calls, mismatches };
}
