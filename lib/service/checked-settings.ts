import { Token, Tokenization } from 'aws-cdk-lib';
import type { SettingsInput } from '../../src/domain/settings/settings';
import { problemsInSettings } from '../../src/domain/settings/stored';

/**
 * In the place of what only the deployment of the stack knows: an ARN, a name, a part of either. Two of them are two words, since
 * some things may be named once only.
 */
function placeholders(): (token: unknown) => string {
  const known = new Map<unknown, string>();
  return (token) => {
    const word = known.get(token) ?? `arn:x${known.size || ''}`;
    known.set(token, word);
    return word;
  };
}

/** The settings with words in the place of tokens, as far as a schema looks at them. */
function withoutTokens(value: unknown, wordFor = placeholders()): unknown {
  if (typeof value === 'string')
    return Tokenization.reverseString(value)
      .mapTokens({ mapToken: wordFor })
      .join({ join: (a = '', b = '') => `${a}${b}` });
  if (Token.isUnresolved(value)) return typeof value === 'number' ? 1 : [wordFor(value)];
  if (Array.isArray(value)) return value.map((one) => withoutTokens(one, wordFor));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withoutTokens(member, wordFor)]),
  );
}

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((part, key) => (part as Record<PropertyKey, unknown> | undefined)?.[key], value);

/** Places in the settings that whoever wrote the props calls otherwise. */
const PROPS: Record<string, string> = {
  service: 'serviceName',
  container: 'containerName',
  'traffic.loadBalancer': 'traffic.production.listener',
  'traffic.otherRules': 'traffic.others',
  'traffic.testListener': 'traffic.test.listener',
  'traffic.testHost': 'traffic.test.host',
  'migrations.container': 'migrations.containerName',
  'migrations.subnets': 'migrations.vpcSubnets',
};

/** The prop that a place in the settings comes from. */
function propAt(path: readonly PropertyKey[]): readonly PropertyKey[] {
  const place = path.map(String);
  const known = place.findLastIndex((_, index) => place.slice(0, index + 1).join('.') in PROPS);
  return known < 0 ? path : [PROPS[place.slice(0, known + 1).join('.')]!, ...path.slice(known + 1)];
}

/**
 * Throws one error with every problem of a service's settings that can be told while the app is synthesised: what a request
 * would be answered, before anything is deployed. What is a token then is left to the request.
 * @param service the path of its construct
 */
export function checkSettings(service: string, settings: SettingsInput): void {
  const problems = problemsInSettings(withoutTokens(settings), service, {
    isUnknown: (path) => Token.isUnresolved(at(settings, path)),
    named: propAt,
  });
  if (problems.length > 0)
    throw new Error(
      `${service} cannot be deployed; mend its props, or what greenlight.json says of ${settings.environment}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    );
}
