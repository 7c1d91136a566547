import type { ParameterTier, PutParameterRequest } from '@aws-sdk/client-ssm';
import { faults } from './faults';

/** Characters of a value by tier (Systems Manager User Guide, "Managing parameter tiers"). */
const LONGEST = { Standard: 4_096, Advanced: 8_192 };
const DEEPEST = 15;
const NAME = /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/;

const NAME_RULES =
  'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_';

/** Throws Parameter Store's refusals of a name for a new parameter. */
export function checkName(name: string): void {
  const plain = name.replace(/^\//, '');
  if (/^aws/i.test(plain)) throw faults.reserved(name);
  if (/^ssm/i.test(plain) || !NAME.test(plain)) throw faults.invalid(NAME_RULES);
  const levels = plain.split('/').length;
  if (levels > 1 && !name.startsWith('/'))
    throw faults.invalid('Parameter name must be a fully qualified name.');
  if (levels > DEEPEST) throw faults.tooDeep();
}

type Wanted = Pick<PutParameterRequest, 'Tier' | 'Value'>;

/** The tier that a parameter comes to have; throws where its value does not fit, and there is no way down. */
export function tierOf({ Tier, Value }: Wanted, before?: ParameterTier): 'Standard' | 'Advanced' {
  const { length } = Value!;
  const isAdvanced = before === 'Advanced';
  if (Tier === 'Standard' && isAdvanced) {
    throw faults.invalid(
      "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.",
    );
  }
  const grows = Tier === 'Intelligent-Tiering' && length > LONGEST.Standard;
  const tier = isAdvanced || Tier === 'Advanced' || grows ? 'Advanced' : 'Standard';
  if (length <= LONGEST[tier]) return tier;
  throw faults.invalid(
    `${tier} tier parameters support a maximum parameter value of ${LONGEST[tier]} characters.${
      tier === 'Standard'
        ? ' To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.'
        : ''
    }`,
  );
}

/** `name:3`, of a name or an ARN; the last colon of an ARN without one stands before `parameter/`. */
export function splitSelector(reference: string): { name: string; selector?: string } {
  const plain = reference.replace(/^arn:[^:]*:ssm:[^:]*:[^:]*:/, '');
  const at = plain.indexOf(':');
  if (at < 0) return { name: reference };
  const selector = plain.slice(at + 1);
  return { name: reference.slice(0, reference.length - selector.length - 1), selector };
}
