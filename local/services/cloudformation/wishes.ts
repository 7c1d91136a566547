import type {
  CreateChangeSetInput,
  CreateStackInput,
  UpdateStackInput,
} from '@aws-sdk/client-cloudformation';
import { type Plan, TemplateError } from '../../template';
import { missingCapability } from './capabilities';
import { givenParameters } from './change-sets';
import { faults } from './faults';
import type { StackRecord } from './record';
import type { CloudFormationParts } from './registry';
import { templateOf } from './template-source';
import type { Wish } from './wish';

export type Request = Pick<
  CreateChangeSetInput & CreateStackInput & UpdateStackInput,
  | 'TemplateBody'
  | 'TemplateURL'
  | 'UsePreviousTemplate'
  | 'Parameters'
  | 'Capabilities'
  | 'Tags'
  | 'RoleARN'
  | 'NotificationARNs'
  | 'DisableRollback'
> & { OnFailure?: string };

const onFailure = ({ OnFailure, DisableRollback }: Request): Wish['onFailure'] => {
  if (OnFailure === 'DO_NOTHING' || OnFailure === 'DELETE') return OnFailure;
  return DisableRollback ? 'DO_NOTHING' : 'ROLLBACK';
};

/**
 * What a request wants a stack to be, and what that means for it.
 * @throws CommonError ValidationError for what is wrong with it, and for all that the local cloud cannot create
 */
export function wishOf(
  request: Request,
  record: StackRecord,
  { objectOf }: Pick<CloudFormationParts, 'objectOf'>,
): { wish: Wish; plan: Plan } {
  const before = record.wish;
  const source = request.UsePreviousTemplate ? before?.source : templateOf(request, objectOf);
  if (!source) throw faults.invalid('Either Template URL or Template Body must be specified.');
  const { template } = source;
  const missing = missingCapability(template, request.Capabilities);
  if (missing) throw faults.capabilities(missing);
  const parameters = givenParameters(request.Parameters, before?.parameters);
  const unknown = Object.keys(parameters).filter((name) => !(name in (template.Parameters ?? {})));
  if (unknown.length > 0)
    throw faults.invalid(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  const wish = {
    source,
    parameters,
    tags: request.Tags ?? before?.tags,
    capabilities: request.Capabilities,
    roleArn: request.RoleARN ?? before?.roleArn,
    notificationArns: request.NotificationARNs ?? before?.notificationArns,
    onFailure: onFailure(request),
  };
  return { wish, plan: planned(() => record.stack.plan(template, parameters)) };
}

/** What is wrong with a template is the fault of who has sent it. */
export function planned<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof TemplateError) throw faults.invalid(error.message);
    throw error;
  }
}
