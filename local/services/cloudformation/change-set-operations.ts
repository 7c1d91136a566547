import { isDeepStrictEqual } from 'node:util';
import type { CloudFormation } from '@aws-sdk/client-cloudformation';
import type { Operations } from '../../service';
import type { ResourceChange } from '../../template';
import { type ChangeSet, changeSetId, NO_CHANGES, shown } from './change-sets';
import { faults } from './faults';
import { page } from './pages';
import type { StackRecord } from './record';
import type { CloudFormationParts, Registry } from './registry';
import { shownParameters } from './shown';
import type { Wish } from './wish';
import { wishOf } from './wishes';

/** Does a wish differ from what the stack is, beside its resources? */
const differs = (wish: Wish, before: Wish | undefined) =>
  !isDeepStrictEqual(wish.source.template.Outputs, before?.source.template.Outputs) ||
  !isDeepStrictEqual(wish.tags ?? [], before?.tags ?? []);

export function createChangeSetOperations(
  registry: Registry,
  parts: CloudFormationParts,
): Operations<CloudFormation> {
  function find(nameOrId = '', stackName?: string): { record: StackRecord; changeSet: ChangeSet } {
    const records = stackName === undefined ? registry.all() : [registry.find(stackName)];
    for (const record of records) {
      const named = [...record.changeSets.values()];
      const changeSet = named.find(({ id, name }) => id === nameOrId || (stackName && name === nameOrId));
      if (changeSet) return { record, changeSet };
    }
    throw faults.noChangeSet(nameOrId);
  }

  /** The stack of a change set: a new one, which is only looked at so far, or one that is there and has nothing under way. */
  function stackFor(name: string, type: string): StackRecord {
    const found = registry.maybe(name);
    if (type !== 'CREATE') {
      const record = registry.find(name);
      if (record.status === 'REVIEW_IN_PROGRESS') throw faults.noStack(name);
      if (record.isBusy || /^(ROLLBACK|DELETE)/.test(record.status))
        throw faults.busy(record.id, record.status);
      return record;
    }
    if (!found) return registry.add(name);
    if (found.status !== 'REVIEW_IN_PROGRESS') throw faults.alreadyExists(name);
    return found;
  }

  return {
    async CreateChangeSet(input) {
      const { StackName = '', ChangeSetName: name = '', ChangeSetType: type = 'UPDATE' } = input;
      if (type === 'IMPORT' || input.ResourcesToImport?.length)
        throw faults.invalid('the local cloud imports no resources; let the template create them');
      const isLookedAt = registry.maybe(StackName) !== undefined;
      const record = stackFor(StackName, type);
      try {
        if (record.changeSets.has(name)) throw faults.changeSetExists(name, StackName);
        const { wish, plan } = wishOf({ ...input, OnFailure: input.OnStackFailure }, record, parts);
        let changes: ResourceChange[] = [];
        let reason: string | undefined;
        try {
          changes = await record.stack.changesTo(plan);
          if (changes.length === 0 && !differs(wish, record.wish)) reason = NO_CHANGES;
        } catch (error) {
          reason = (error as Error).message;
        }
        const changeSet: ChangeSet = {
          ...{ name, id: changeSetId(name), type, description: input.Description, wish, changes, reason },
          createdAt: new Date(parts.clock.now()),
          status: reason === undefined ? 'CREATE_COMPLETE' : 'FAILED',
          execution: reason === undefined ? 'AVAILABLE' : 'UNAVAILABLE',
        };
        record.changeSets.set(name, changeSet);
        if (!isLookedAt) record.become('REVIEW_IN_PROGRESS', 'User Initiated');
        return { Id: changeSet.id, StackId: record.id };
      } catch (error) {
        if (!isLookedAt) registry.forget(record);
        throw error;
      }
    },

    DescribeChangeSet({ ChangeSetName, StackName, NextToken }) {
      const { record, changeSet } = find(ChangeSetName, StackName);
      const { wish } = changeSet;
      const { items, NextToken: next } = page(changeSet.changes, NextToken);
      return {
        ChangeSetName: changeSet.name,
        ChangeSetId: changeSet.id,
        StackId: record.id,
        StackName: record.name,
        Description: changeSet.description,
        Parameters: shownParameters(wish.source.template, wish.parameters),
        CreationTime: changeSet.createdAt,
        ExecutionStatus: changeSet.execution,
        Status: changeSet.status,
        StatusReason: changeSet.reason,
        NotificationARNs: wish.notificationArns ?? [],
        RollbackConfiguration: {},
        Capabilities: (wish.capabilities ?? []) as never[],
        Tags: wish.tags ?? [],
        Changes: items.map(shown),
        NextToken: next,
        IncludeNestedStacks: false,
      };
    },

    ListChangeSets({ StackName = '', NextToken }) {
      const record = registry.find(StackName);
      const { items, NextToken: next } = page([...record.changeSets.values()], NextToken);
      return {
        Summaries: items.map(({ name, id, createdAt, status, reason, execution, description }) => ({
          ...{ StackId: record.id, StackName: record.name, ChangeSetId: id, ChangeSetName: name },
          ...{ CreationTime: createdAt, Status: status, StatusReason: reason, ExecutionStatus: execution },
          Description: description,
        })),
        NextToken: next,
      };
    },

    ExecuteChangeSet({ ChangeSetName, StackName, ClientRequestToken, DisableRollback }) {
      const { record, changeSet } = find(ChangeSetName, StackName);
      if (changeSet.execution !== 'AVAILABLE') throw faults.changeSetStatus(changeSet.id, changeSet.status);
      if (record.isBusy) throw faults.busy(record.id, record.status);
      const onFailure = DisableRollback ? 'DO_NOTHING' : changeSet.wish.onFailure;
      record.token = ClientRequestToken;
      // all of them were made for the stack as it has been until now
      record.changeSets.clear();
      registry.begin(registry.execute(record, { ...changeSet.wish, onFailure }));
      return {};
    },

    // deleting what is not there succeeds
    DeleteChangeSet({ ChangeSetName = '', StackName }) {
      const record = StackName === undefined ? undefined : registry.find(StackName);
      for (const { changeSets } of record ? [record] : registry.all())
        for (const [name, { id }] of changeSets)
          if (id === ChangeSetName || (record && name === ChangeSetName)) changeSets.delete(name);
      return {};
    },
  };
}
