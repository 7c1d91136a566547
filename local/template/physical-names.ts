import { createHash } from 'node:crypto';

/** The longest name AWS accepts, for the types that accept less than 64 characters. */
const LONGEST: Record<string, number> = {
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 32,
  'AWS::ElasticLoadBalancingV2::TargetGroup': 32,
  'AWS::RDS::DBInstance': 63,
};

/** A name for a resource that declares none: `<stack>-<logical id>`, shortened with a hash where it is too long. */
export function physicalName(stack: string, logicalId: string, type: string): string {
  const longest = LONGEST[type] ?? 64;
  const full = `${stack}-${logicalId}`;
  const hash = createHash('sha256').update(full).digest('hex').slice(0, 8);
  const name = full.length <= longest ? full : `${full.slice(0, longest - 9).replace(/-+$/, '')}-${hash}`;
  // database identifiers are stored in lower case and allow no double hyphen
  return type.startsWith('AWS::RDS::') ? name.toLowerCase().replace(/-+/g, '-') : name;
}
