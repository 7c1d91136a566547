import type { CloudFormation } from '@aws-sdk/client-cloudformation';
import type { Operations } from '../../service';
import { missingCapability } from './capabilities';
import { faults } from './faults';
import { page } from './pages';
import type { StackRecord } from './record';
import type { CloudFormationParts, Registry } from './registry';
import { shownEvent, shownResources, shownStack } from './shown';
import { templateOf } from './template-source';

const summary = (record: StackRecord) => {
  const { StackId, StackName, CreationTime, LastUpdatedTime, DeletionTime, StackStatus, StackStatusReason } =
    shownStack(record);
  return {
    ...{ StackId, StackName, CreationTime, LastUpdatedTime, DeletionTime, StackStatus, StackStatusReason },
    TemplateDescription: record.wish?.source.template.Description,
  };
};

/** What CloudFormation tells of stacks and templates, and changes nothing. */
export function createDescriptions(
  registry: Registry,
  { objectOf }: CloudFormationParts,
): Operations<CloudFormation> {
  const exportsOf = ({ id, stack, wish }: StackRecord) =>
    Object.keys(wish?.source.template.Outputs ?? {}).flatMap((key) => {
      const Name = stack.exportOf(key);
      return Name === undefined ? [] : [{ ExportingStackId: id, Name, Value: stack.outputs[key] }];
    });

  const resourceOf = (stackName: string, logicalId: string) => {
    const record = registry.find(stackName);
    const found = shownResources(record).find(({ LogicalResourceId }) => LogicalResourceId === logicalId);
    if (found) return { record, found };
    throw faults.invalid(`Resource ${logicalId} does not exist for stack ${stackName}`);
  };

  function parametersOf(input: { TemplateBody?: string; TemplateURL?: string; StackName?: string }) {
    const source =
      input.StackName === undefined
        ? templateOf(input, objectOf)
        : registry.find(input.StackName).wish?.source;
    if (!source) throw faults.invalid('Either Template URL or Template Body must be specified.');
    const missing = missingCapability(source.template);
    return {
      template: source.template,
      Capabilities: missing ? [missing as 'CAPABILITY_IAM'] : [],
      CapabilitiesReason: missing && 'The following resource(s) require capabilities: IAM resources',
      Description: source.template.Description,
      declared: Object.entries(source.template.Parameters ?? {}).map(([ParameterKey, parameter]) => ({
        ParameterKey,
        DefaultValue: parameter.Default === undefined ? undefined : String(parameter.Default),
        NoEcho: String(parameter.NoEcho) === 'true',
        Description: parameter.Description,
        ParameterType: parameter.Type,
      })),
    };
  }

  return {
    DescribeStacks({ StackName, NextToken }) {
      const found =
        StackName === undefined ? registry.all().filter(({ isGone }) => !isGone) : [registry.find(StackName)];
      const { items, NextToken: next } = page(found, NextToken);
      return { Stacks: items.map(shownStack), NextToken: next };
    },

    ListStacks({ StackStatusFilter = [], NextToken }) {
      const wanted = registry
        .all()
        .filter(({ status }) => StackStatusFilter.length === 0 || StackStatusFilter.includes(status));
      const { items, NextToken: next } = page(wanted, NextToken);
      return { StackSummaries: items.map(summary), NextToken: next };
    },

    // the newest first
    DescribeStackEvents({ StackName = '', NextToken }) {
      const record = registry.find(StackName);
      const { items, NextToken: next } = page(record.events.toReversed(), NextToken);
      return { StackEvents: items.map((event) => shownEvent(record, event)), NextToken: next };
    },

    DescribeEvents({ StackName = '', Filters, NextToken }) {
      const record = registry.find(StackName);
      const wanted = record.events
        .filter(({ status }) => !Filters?.FailedEvents || status.endsWith('_FAILED'))
        .reverse();
      const { items, NextToken: next } = page(wanted, NextToken);
      return {
        OperationEvents: items.map((event) => {
          const { EventId, ClientRequestToken, ...rest } = shownEvent(record, event);
          return { ...rest, EventId, ClientRequestToken, EventType: 'STACK_EVENT' as const };
        }),
        NextToken: next,
      };
    },

    DescribeStackResources({ StackName, LogicalResourceId, PhysicalResourceId }) {
      const record =
        StackName === undefined
          ? registry
              .all()
              .find(({ stack }) =>
                [...stack.resources.values()].some(({ ref }) => ref === PhysicalResourceId),
              )
          : registry.find(StackName);
      if (!record) throw faults.noStack(PhysicalResourceId ?? '');
      return {
        StackResources: shownResources(record).filter(
          (one) => LogicalResourceId === undefined || one.LogicalResourceId === LogicalResourceId,
        ),
      };
    },

    DescribeStackResource({ StackName = '', LogicalResourceId = '' }) {
      const { found } = resourceOf(StackName, LogicalResourceId);
      const { Timestamp, ...detail } = found;
      return { StackResourceDetail: { ...detail, LastUpdatedTimestamp: Timestamp } };
    },

    ListStackResources({ StackName = '', NextToken }) {
      const { items, NextToken: next } = page(shownResources(registry.find(StackName)), NextToken);
      return {
        StackResourceSummaries: items.map(({ Timestamp, StackId, StackName: _, ...one }) => ({
          ...one,
          LastUpdatedTimestamp: Timestamp,
        })),
        NextToken: next,
      };
    },

    GetTemplate({ StackName, ChangeSetName }) {
      const record = StackName === undefined ? undefined : registry.find(StackName);
      const changeSets = (record ? [record] : registry.all()).flatMap((one) => [...one.changeSets.values()]);
      const changeSet = changeSets.find(({ id, name }) => [id, name].includes(ChangeSetName ?? ''));
      if (ChangeSetName !== undefined && !changeSet) throw faults.noChangeSet(ChangeSetName);
      return {
        TemplateBody: (changeSet?.wish ?? record?.wish)?.source.text ?? '{}',
        StagesAvailable: ['Original', 'Processed'],
      };
    },

    GetTemplateSummary(input) {
      const { template, declared, ...rest } = parametersOf(input);
      return {
        ...rest,
        Parameters: declared.map((one) => ({ ...one, ParameterConstraints: {} })),
        ResourceTypes: [...new Set(Object.values(template.Resources).map(({ Type }) => Type))],
        DeclaredTransforms: [],
      };
    },

    ValidateTemplate(input) {
      const { declared, Capabilities, CapabilitiesReason, Description } = parametersOf(input);
      return {
        ...{ Capabilities, CapabilitiesReason, Description, DeclaredTransforms: [] },
        Parameters: declared.map(({ ParameterType: _, ...one }) => one),
      };
    },

    ListExports({ NextToken }) {
      const { items, NextToken: next } = page(registry.all().flatMap(exportsOf), NextToken);
      return { Exports: items, NextToken: next };
    },

    ListImports({ ExportName = '', NextToken }) {
      const users = registry.all().filter(({ isGone, stack }) => !isGone && stack.imports.has(ExportName));
      if (users.length === 0) throw faults.invalid(`Export '${ExportName}' is not imported by any stack.`);
      const { items, NextToken: next } = page(
        users.map(({ name }) => name),
        NextToken,
      );
      return { Imports: items, NextToken: next };
    },
  };
}
