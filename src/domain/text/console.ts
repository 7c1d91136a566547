/** Where the AWS Management Console of a region's partition is. Source: AWS General Reference, "Service endpoints", and the console's own addresses. */
const DOMAINS: [prefix: string, domain: string][] = [
  ['cn-', 'console.amazonaws.cn'],
  ['us-gov-', 'console.amazonaws-us-gov.com'],
];

const consoleOf = (region: string): string =>
  `https://${region}.${DOMAINS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'console.aws.amazon.com'}`;

/**
 * The page of an object, where whoever may read it can open it.
 * @param endpoint of a cloud that is not AWS's, which has that page itself
 */
export const objectPage = (
  region: string,
  { Bucket, Key }: { Bucket: string; Key: string },
  endpoint?: string,
): string =>
  `${endpoint ?? consoleOf(region)}/s3/object/${Bucket}?region=${region}&prefix=${encodeURIComponent(Key)}`;

/** The page of an execution, by its ARN. */
export function executionPage(arn: string): string {
  const region = arn.split(':')[3] ?? '';
  return `${consoleOf(region)}/states/home?region=${region}#/v2/executions/details/${encodeURIComponent(arn)}`;
}
