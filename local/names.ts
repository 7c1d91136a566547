/** The one account and region of the local cloud. */
export const ACCOUNT = '000000000000';
export const REGION = 'eu-west-1';

/** `arn('rds', 'db:shop')` is `arn:aws:rds:eu-west-1:000000000000:db:shop`. */
export const arn = (service: string, resource: string) =>
  `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

/** IAM is global: its ARNs carry no region. */
export const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
