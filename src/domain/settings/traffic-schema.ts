import * as z from 'zod/mini';
import { arnOf, nonEmpty } from '../text/schemas';

export const targetGroup = arnOf('elasticloadbalancing:targetgroup', 'the ARN of a target group');
const listenerRule = arnOf(
  'elasticloadbalancing:listener-rule',
  'the ARN of a listener rule, not of its listener',
);

/** One of its Amazon ECS services, and where it serves. */
export const slotSchema = z.strictObject({
  service: nonEmpty.check(
    z.regex(/^[^/:]+$/, 'expected the name of an Amazon ECS service, not its ARN'),
    z.describe('Name of the Amazon ECS service.'),
  ),
  targetGroup: z.optional(
    targetGroup.check(z.describe('ARN of its target group; left out where there is no load balancer.')),
  ),
  targetGroupFullName: z.optional(
    nonEmpty.check(z.describe('By which CloudWatch knows the group: `targetgroup/<name>/<id>`.')),
  ),
});

/** Where its requests come from, and by which rules. */
export const trafficSchema = z.nullable(
  z
    .strictObject({
      loadBalancer: arnOf(
        'elasticloadbalancing:loadbalancer/app',
        'the ARN of an application load balancer; a network load balancer has no rules with weights',
      ).check(z.describe('ARN of the application load balancer.')),
      loadBalancerFullName: nonEmpty.check(z.describe('By which CloudWatch knows it: `app/<name>/<id>`.')),
      productionRule: listenerRule.check(z.describe('ARN of the rule by which users come.')),
      otherRules: z._default(
        z
          .array(listenerRule)
          .check(
            z.describe(
              'ARNs of further rules of the users, which always have the same weights: a rule has five values of conditions at most, and users may come by several listeners of the load balancer.',
            ),
          ),
        [],
      ),
      testListener: arnOf('elasticloadbalancing:listener', 'the ARN of a listener').check(
        z.describe('ARN of the listener by which green is asked before users are.'),
      ),
      testHost: z.optional(
        nonEmpty.check(
          z.regex(/^[\w.-]+(:\d+)?$/, 'expected the name of a host, such as green.example.org'),
          z.describe(
            "The requests' Host through the test listener, and over HTTPS what its certificate has to be for. By default the load balancer's own name, which no certificate of yours is for.",
          ),
        ),
      ),
      testRule: listenerRule.check(z.describe('ARN of the rule of that listener.')),
    })
    .check(z.describe('null: a pure worker, which has no load balancer. Its tasks are replaced in place.')),
);
