/** The one account and region of the local cloud. */
export const ACCOUNT = '000000000000';
export const REGION = 'eu-west-1';
export const ZONES = ['a', 'b', 'c'].map((zone) => REGION + zone);

/** `arn('rds', 'db:shop')` is `arn:aws:rds:eu-west-1:000000000000:db:shop`. */
export const arn = (service: string, resource: string) =>
  `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

/**
 * The ARN of a key of the account's own, however a request or a template names it; undefined where AWS manages it.
 * @throws Error for an alias of one's own, which could lead to another key tomorrow
 */
export function ownKey(named: string | undefined): string | undefined {
  if (named === undefined || named.includes('alias/aws/')) return undefined;
  if (named.includes('alias/'))
    throw new Error(`a key is known by its id or its ARN locally, not as ${named}`);
  return named.startsWith('arn:') ? named : arn('kms', `key/${named}`);
}

/** IAM is global: its ARNs carry no region. */
export const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
