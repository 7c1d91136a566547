import type { IncomingMessage } from 'node:http';
import { BlockList } from 'node:net';
import type { RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';

export type Predicate = (request: IncomingMessage) => boolean;

/** ELB's patterns: `*` stands for any characters, `?` for one. */
function pattern(value: string, flags = ''): RegExp {
  const source = value
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, `s${flags}`);
}

const some = (patterns: RegExp[], value: string) => patterns.some((pattern) => pattern.test(value));

const urlOf = (request: IncomingMessage) => new URL(request.url!, 'http://host');

/** The host a client asked for, without its port. */
const hostOf = (request: IncomingMessage) => (request.headers.host ?? '').replace(/:\d+$/, '');

function path(values: string[]): Predicate {
  const patterns = values.map((value) => pattern(value));
  return (request) => some(patterns, request.url!.split('?', 1)[0]!);
}

function host(values: string[]): Predicate {
  const patterns = values.map((value) => pattern(value, 'i'));
  return (request) => some(patterns, hostOf(request));
}

function header(name: string, values: string[]): Predicate {
  const patterns = values.map((value) => pattern(value, 'i'));
  return (request) => {
    const value = request.headers[name.toLowerCase()];
    return [value ?? []].flat().some((value) => some(patterns, value));
  };
}

function query(values: { Key?: string; Value?: string }[]): Predicate {
  const wanted = values.map(({ Key, Value }) => ({
    key: Key === undefined ? /^/ : pattern(Key, 'i'),
    value: pattern(Value!, 'i'),
  }));
  return (request) => {
    const given = [...urlOf(request).searchParams];
    return wanted.some(({ key, value }) =>
      given.some(([name, content]) => key.test(name) && value.test(content)),
    );
  };
}

function sourceIp(values: string[]): Predicate {
  const list = new BlockList();
  for (const value of values) {
    const [address, prefix] = value.split('/');
    list.addSubnet(address!, Number(prefix), address!.includes(':') ? 'ipv6' : 'ipv4');
  }
  return (request) => list.check(request.socket.remoteAddress ?? '');
}

/** Throws an Error for conditions this proxy cannot judge. */
function predicate(condition: RuleCondition): Predicate {
  const { Field, Values = [] } = condition;
  const configs = [condition.PathPatternConfig, condition.HostHeaderConfig, condition.HttpHeaderConfig];
  if (configs.some((config) => config?.RegexValues?.length))
    throw new Error(`Condition field '${Field}' has RegexValues, which are not served locally; use Values`);
  switch (Field) {
    case 'path-pattern':
      return path(condition.PathPatternConfig?.Values ?? Values);
    case 'host-header':
      return host(condition.HostHeaderConfig?.Values ?? Values);
    case 'http-header':
      return header(condition.HttpHeaderConfig!.HttpHeaderName!, condition.HttpHeaderConfig!.Values!);
    case 'query-string':
      return query(condition.QueryStringConfig!.Values!);
    case 'http-request-method': {
      const methods = condition.HttpRequestMethodConfig!.Values!;
      return (request) => methods.includes(request.method!);
    }
    case 'source-ip':
      return sourceIp(condition.SourceIpConfig!.Values!);
    default:
      throw new Error(
        `Condition field '${Field}' must be one of '[path-pattern, host-header, http-header, query-string, http-request-method, source-ip]'`,
      );
  }
}

/** A rule matches when all of its conditions do; a condition when one of its values does. */
export function compileConditions(conditions: readonly RuleCondition[]): Predicate {
  const predicates = conditions.map(predicate);
  return (request) => predicates.every((matches) => matches(request));
}
