import { ACCOUNT, REGION } from '../names';
import { resolve, type Scope } from './intrinsics';
import { type Template, TemplateError } from './template';

/** A resource of a stack as it now exists. */
export interface StackResource {
  type: string;
  ref: string;
  attributes: Record<string, unknown>;
  /** Its properties with every function evaluated, as last applied. */
  properties: Record<string, unknown>;
  /** What becomes of it when the stack no longer names it. Source: CloudFormation User Guide, "DeletionPolicy attribute". */
  deletionPolicy: string;
}

/** A stack as others name it: by its name and its ARN. */
export interface StackName {
  name: string;
  id: string;
}

const pseudoParameters = ({ name, id }: StackName): Record<string, unknown> => ({
  'AWS::Region': REGION,
  'AWS::AccountId': ACCOUNT,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': name,
  'AWS::StackId': id,
  'AWS::NotificationARNs': [],
});

/** What the expressions of one template mean: `resources` and `exports` may still be growing. */
export function stackScope(
  stack: StackName,
  template: Template,
  parameters: Record<string, unknown>,
  resources: ReadonlyMap<string, StackResource>,
  exports: ReadonlyMap<string, string>,
): Scope {
  const known: Record<string, unknown> = { ...pseudoParameters(stack), ...parameters };
  const resource = (id: string): StackResource => {
    const found = resources.get(id);
    if (found) return found;
    throw new TemplateError(`stack ${stack.name} refers to ${id}, which it neither declares nor creates`);
  };
  const scope: Scope = {
    ref: (name) => (name in known ? known[name] : resource(name).ref),
    attribute(id, attribute) {
      const { type, attributes } = resource(id);
      if (attributes[attribute] !== undefined) return attributes[attribute];
      throw new TemplateError(`${id} (${type}) has no attribute ${attribute} in the local cloud`);
    },
    condition(name) {
      if (template.Conditions && name in template.Conditions) {
        return resolve(template.Conditions[name], scope) === true;
      }
      throw new TemplateError(`stack ${stack.name} names the condition ${name}, which it does not declare`);
    },
    mapping(map, top, second) {
      const found = template.Mappings?.[map]?.[top]?.[second];
      if (found !== undefined) return found;
      throw new TemplateError(`mapping ${map} has no value for ${top}, ${second}`);
    },
    importValue(name) {
      const found = exports.get(name);
      if (found !== undefined) return found;
      throw new TemplateError(`stack ${stack.name} imports ${name}, which no stack before it exports`);
    },
  };
  return scope;
}
