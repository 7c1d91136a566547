import { Token, Tokenization } from 'aws-cdk-lib';
import type { SettingsInput } from '../src/domain/settings/settings';
import { problemsInSettings } from '../src/domain/settings/stored';

/** In the place of what only the deployment of the stack knows: an ARN, a name, a part of either. */
const UNKNOWN = 'arn:x';

/** The settings with words in the place of tokens, as far as a schema looks at them. */
function withoutTokens(value: unknown): unknown {
  if (typeof value === 'string')
    return Tokenization.reverseString(value)
      .mapTokens({ mapToken: () => UNKNOWN })
      .join({ join: (a, b) => `${a}${b}` });
  if (Token.isUnresolved(value)) return typeof value === 'number' ? 1 : [UNKNOWN];
  if (Array.isArray(value)) return value.map(withoutTokens);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutTokens(member)]));
}

const at = (value: unknown, path: PropertyKey[]): unknown =>
  path.reduce<unknown>((part, key) => (part as Record<PropertyKey, unknown> | undefined)?.[key], value);

/**
 * Throws one error with every problem of a service's settings that can be told while the app is synthesised: what a request
 * would be answered, before anything is deployed. What is a token then is left to the request.
 */
export function checkSettings(settings: SettingsInput): void {
  const problems = problemsInSettings(withoutTokens(settings), `settings of ${settings.service}`, (path) =>
    Token.isUnresolved(at(settings, path)),
  );
  if (problems.length > 0)
    throw new Error(
      `the settings of ${settings.service} cannot be used; mend them where the service is given to DeploymentWorkflow, or in greenlight.json:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    );
}
