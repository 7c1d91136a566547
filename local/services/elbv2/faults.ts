import {
  DuplicateTargetGroupNameException,
  ElasticLoadBalancingV2ServiceException,
  InvalidConfigurationRequestException,
  InvalidLoadBalancerActionException,
  InvalidTargetException,
  ListenerNotFoundException,
  LoadBalancerNotFoundException,
  OperationNotPermittedException,
  PriorityInUseException,
  ResourceInUseException,
  RuleNotFoundException,
  TargetGroupAssociationLimitException,
  TargetGroupNotFoundException,
  TooManyActionsException,
  TooManyTargetGroupsException,
  TooManyTargetsException,
} from '@aws-sdk/client-elastic-load-balancing-v2';

const $metadata = {};

/** ELB's refusals, in its words where they are known. */
export const faults = {
  noLoadBalancer: (arn: string) =>
    new LoadBalancerNotFoundException({ message: `Load balancers '[${arn}]' not found`, $metadata }),
  noLoadBalancerNames: (names: readonly string[]) =>
    new LoadBalancerNotFoundException({
      message: `Load balancers '[${names.join(', ')}]' not found`,
      $metadata,
    }),
  noTargetGroupNames: () =>
    new TargetGroupNotFoundException({ message: 'One or more target groups not found', $metadata }),
  noListener: (arn: string) =>
    new ListenerNotFoundException({ message: `Listeners '[${arn}]' not found`, $metadata }),
  noRule: (arn: string) => new RuleNotFoundException({ message: `Rules '[${arn}]' not found`, $metadata }),
  noTargetGroup: (arn: string) =>
    new TargetGroupNotFoundException({ message: `Target groups '[${arn}]' not found`, $metadata }),
  targetGroupElsewhere: (arn: string) =>
    new TargetGroupAssociationLimitException({
      message: `The following target groups cannot be associated with more than one load balancer: ${arn}`,
      $metadata,
    }),
  targetGroupNameTaken: (name: string) =>
    new DuplicateTargetGroupNameException({
      message: `A target group with the name '${name}' exists already; use another name`,
      $metadata,
    }),
  targetGroupInUse: (arn: string) =>
    new ResourceInUseException({
      message: `Target group '${arn}' is currently in use by a listener or a rule`,
      $metadata,
    }),
  tooManyTargets: () =>
    new TooManyTargetsException({
      message: 'A target group of type lambda can have one function only',
      $metadata,
    }),
  priorityInUse: (priority: string) =>
    new PriorityInUseException({ message: `Priority '${priority}' is currently in use`, $metadata }),
  defaultRule: (arn: string, verb: string) =>
    new OperationNotPermittedException({ message: `Default rule '${arn}' cannot be ${verb}`, $metadata }),
  action: (message: string) => new InvalidLoadBalancerActionException({ message, $metadata }),
  tooManyActions: () =>
    new TooManyActionsException({ message: 'A rule may have only one action of this kind', $metadata }),
  tooManyGroups: () =>
    new TooManyTargetGroupsException({
      message: 'A forward action can name at most 5 target groups',
      $metadata,
    }),
  configuration: (message: string) => new InvalidConfigurationRequestException({ message, $metadata }),
  target: (message: string) => new InvalidTargetException({ message, $metadata }),
  validation: (message: string) =>
    new ElasticLoadBalancingV2ServiceException({
      name: 'ValidationError',
      $fault: 'client',
      message,
      $metadata,
    }),
};
