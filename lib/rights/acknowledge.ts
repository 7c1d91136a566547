import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Says why a rule of cdk-nag's AwsSolutions pack is not followed, beside the construct that does not. `npm test` runs the pack,
 * and whoever runs it on an app that has the construct reads the reason.
 * @param rule without the pack's name, as `SF1`
 */
export function acknowledge(construct: IConstruct, rule: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: `AwsSolutions-${rule}`, reason });
}
