import { Fn } from 'aws-cdk-lib';
import type { IApplicationListener, ITargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';

// An imported listener or target group says nothing of itself but its ARN, and it need not be known yet what that is.

/** The name that CloudWatch knows a target group by: `targetgroup/<name>/<id>`. */
export const fullNameOf = ({ targetGroupArn }: ITargetGroup): string =>
  Fn.select(5, Fn.split(':', targetGroupArn));

/** The load balancer of a listener, whose ARN is `…:listener/app/<load balancer>/<id>/<id of the listener>`. */
export function balancerOf({ listenerArn }: IApplicationListener): { arn: string; fullName: string } {
  const parts = Fn.split('/', listenerArn);
  const fullName = [1, 2, 3].map((part) => Fn.select(part, parts)).join('/');
  return { arn: `${Fn.select(0, Fn.split(':listener/', listenerArn))}:loadbalancer/${fullName}`, fullName };
}
