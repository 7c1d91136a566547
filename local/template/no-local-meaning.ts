import { createHash } from 'node:crypto';
import { arn } from '../names';
import type { Resource } from '../service';

/**
 * Resource types that exist in a template but have nothing to be on one machine. Each is answered with a
 * plausible Ref, so that others may name it. A type that is neither here nor made by a service is refused.
 */
const ID_PREFIX: Record<string, string> = {
  'AWS::EC2::VPC': 'vpc',
  'AWS::EC2::Subnet': 'subnet',
  'AWS::EC2::RouteTable': 'rtb',
  'AWS::EC2::Route': 'r',
  'AWS::EC2::SubnetRouteTableAssociation': 'rtbassoc',
  'AWS::EC2::InternetGateway': 'igw',
  'AWS::EC2::VPCGatewayAttachment': 'attachment',
  'AWS::EC2::NatGateway': 'nat',
  'AWS::EC2::EIP': 'eipalloc',
  'AWS::EC2::SecurityGroup': 'sg',
  'AWS::EC2::SecurityGroupIngress': 'sgr',
  'AWS::EC2::SecurityGroupEgress': 'sgr',
  'AWS::EC2::VPCEndpoint': 'vpce',
  'AWS::EC2::FlowLog': 'fl',
  // every caller is known by its access key; who may invoke a function is the identity policy's business here
  'AWS::Lambda::Permission': 'permission',
  'AWS::ECS::ClusterCapacityProviderAssociations': 'capacity',
  // who may read a bucket is the identity policy's business here
  'AWS::S3::BucketPolicy': 'bucket-policy',
  'AWS::KMS::Key': 'key',
  'AWS::KMS::Alias': 'alias/key',
  'AWS::Logs::ResourcePolicy': 'policy',
  // nobody signs a token here: a caller is a role by its name
  'AWS::IAM::OIDCProvider': 'oidc-provider',
  'AWS::CDK::Metadata': 'metadata',
  'Custom::VpcRestrictDefaultSG': 'default-sg',
};

export const hasNoLocalMeaning = (type: string) => type in ID_PREFIX;

/** `id` is stable for a logical id: "subnet-0f3a…", as EC2 writes its ids. */
export function placeholder(type: string, logicalId: string): Resource {
  const id = `${ID_PREFIX[type]}-0${createHash('sha256').update(logicalId).digest('hex').slice(0, 16)}`;
  return {
    ref: id,
    attributes: {
      Id: id,
      Arn: type === 'AWS::KMS::Key' ? arn('kms', `key/${id}`) : `arn:aws:local:::${id}`,
      VpcId: id,
      GroupId: id,
      SubnetId: id,
      RouteTableId: id,
      AllocationId: id,
      KeyId: id,
      CidrBlock: '10.0.0.0/16',
      DefaultSecurityGroup: `sg-${id}`,
      AvailabilityZone: 'eu-west-1a',
    },
  };
}
