import type { Template } from '../../template';

/** Source: CloudFormation API Reference, CreateStack, "Capabilities". */
const IAM_TYPES: Record<string, string> = {
  'AWS::IAM::AccessKey': '',
  'AWS::IAM::Group': 'GroupName',
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Policy': '',
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::User': 'UserName',
  'AWS::IAM::UserToGroupAddition': '',
};

/** The capability that a template needs and that a request does not acknowledge. */
export function missingCapability(template: Template, given: readonly string[] = []): string | undefined {
  const own = Object.values(template.Resources).filter(({ Type }) => Type in IAM_TYPES);
  if (own.length === 0 || given.includes('CAPABILITY_NAMED_IAM')) return undefined;
  if (own.some(({ Type, Properties = {} }) => Properties[IAM_TYPES[Type]!] !== undefined))
    return 'CAPABILITY_NAMED_IAM';
  return given.includes('CAPABILITY_IAM') ? undefined : 'CAPABILITY_IAM';
}
