import type { Predicate } from './conditions';
import type { FunctionGroup } from './function-group';
import type { TargetGroup } from './target-group';

/** What a forward leads to: addresses, or a function. */
export type Group = TargetGroup | FunctionGroup;

export interface Weighted {
  group: Group;
  weight: number;
}
export interface Forward {
  type: 'forward';
  groups: readonly Weighted[];
  /** Group stickiness: how long a client stays with the group it met first. */
  stickySeconds?: number;
}
export interface FixedResponse {
  type: 'fixed-response';
  status: number;
  contentType?: string;
  body?: string;
}
/** `#{protocol}`, `#{host}`, `#{port}`, `#{path}` and `#{query}` stand for the request's own. */
export interface Redirect {
  type: 'redirect';
  status: number;
  protocol: string;
  host: string;
  port: string;
  path: string;
  query: string;
}
export type Action = Forward | FixedResponse | Redirect;

/** A listener's rule, ready to run. The last route of a listener matches everything. */
export interface Route {
  matches: Predicate;
  action: Action;
}

/** A group by its weight: weights are relative, and where all are 0 no group takes the request. */
export function chooseGroup(groups: readonly Weighted[], random: number): Group | undefined {
  let total = 0;
  for (const { weight } of groups) total += weight;
  let left = random * total;
  for (const { group, weight } of groups) {
    if (left < weight) return group;
    left -= weight;
  }
  return undefined;
}

const COOKIE = 'AWSALBTG';
const PATTERN = /(?:^|;\s*)AWSALBTG=([^;]+)/;

/** The group a client is bound to by its cookie, whatever the weights say now; undefined when it holds none of this rule. */
export function boundGroup(groups: readonly Weighted[], cookies: string | undefined): Group | undefined {
  const value = cookies && PATTERN.exec(cookies)?.[1];
  if (!value) return undefined;
  const name = Buffer.from(value, 'base64url').toString();
  return groups.find(({ group }) => group.options.fullName === name)?.group;
}

/** The `Set-Cookie` header that binds a client to a group. */
export function bindingCookie(group: Group, seconds: number): string {
  const value = Buffer.from(group.options.fullName).toString('base64url');
  return `${COOKIE}=${value}; Max-Age=${seconds}; Path=/`;
}

/** The `Location` of a redirect for the request's host header and target. */
export function redirectLocation(action: Redirect, hostHeader: string, target: string): string {
  const [path = '/', query = ''] = target.split('?', 2);
  const [host = '', port = '80'] = hostHeader.split(':');
  const own: Record<string, string> = { protocol: 'http', host, port, path: path.slice(1), query };
  const fill = (text: string) => text.replace(/#\{(\w+)\}/g, (whole, name) => own[name] ?? whole);
  const filledQuery = fill(action.query);
  const protocol = fill(action.protocol).toLowerCase();
  return `${protocol}://${fill(action.host)}:${fill(action.port)}${fill(action.path)}${filledQuery && `?${filledQuery}`}`;
}
