import type {
  ModifyTargetGroupInput,
  TargetDescription,
  TargetGroup as TargetGroupShown,
  TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Group } from '../../proxy/route';

/** What CloudFormation and CreateTargetGroup may say; numbers arrive as numbers or as strings. */
export type TargetGroupProperties = Omit<ModifyTargetGroupInput, 'TargetGroupArn'> & {
  Port?: number;
  Protocol?: string;
  TargetType?: string;
  VpcId?: string;
  TargetGroupAttributes?: { Key: string; Value: string }[];
};

/** A target group with its settings; its data plane is `group`. */
export interface GroupRecord {
  readonly name: string;
  readonly arn: string;
  readonly fullName: string;
  readonly group: Group;
  readonly attributes: Readonly<Record<string, string>>;
  /** The load balancer whose listeners or rules name the group. */
  loadBalancerArn: string | undefined;
  /** Changes the health check. */
  modify(settings: TargetGroupProperties): void;
  setAttributes(attributes: readonly { Key?: string; Value?: string }[]): void;
  register(targets: readonly TargetDescription[]): void;
  /** Throws at once for a target that cannot be; resolves when the targets are gone. */
  deregister(targets: readonly TargetDescription[]): Promise<unknown>;
  has(target: TargetDescription): boolean;
  /** The health of the targets asked for, or of every registered one; none where none is registered, as on AWS. */
  health(wanted?: readonly TargetDescription[]): TargetHealthDescription[];
  /** How many addresses are in a state; undefined for a function, which AWS counts no hosts for. */
  hosts(state: string): number | undefined;
  shown(): TargetGroupShown;
}
