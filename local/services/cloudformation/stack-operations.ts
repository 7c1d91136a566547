import type { CloudFormation } from '@aws-sdk/client-cloudformation';
import type { Operations } from '../../service';
import { carryOutRollback } from './carry-out';
import { faults } from './faults';
import type { CloudFormationParts, Registry } from './registry';
import { wishOf } from './wishes';

export function createStackOperations(
  registry: Registry,
  parts: CloudFormationParts,
): Operations<CloudFormation> {
  return {
    CreateStack(input) {
      const { StackName = '', ClientRequestToken } = input;
      if (registry.maybe(StackName)) throw faults.alreadyExists(StackName);
      const record = registry.add(StackName);
      try {
        const { wish } = wishOf(input, record, parts);
        record.token = ClientRequestToken;
        record.isProtected = input.EnableTerminationProtection ?? false;
        registry.begin(registry.execute(record, wish));
        return { StackId: record.id };
      } catch (error) {
        registry.forget(record);
        throw error;
      }
    },

    async UpdateStack(input) {
      const record = registry.find(input.StackName ?? '');
      if (record.isBusy || /^(ROLLBACK|REVIEW|DELETE)/.test(record.status))
        throw faults.busy(record.id, record.status);
      const { wish, plan } = wishOf(input, record, parts);
      const changes = await record.stack.changesTo(plan);
      if (changes.length === 0 && wish.source.text === record.wish?.source.text)
        throw faults.invalid('No updates are to be performed.');
      record.token = input.ClientRequestToken;
      registry.begin(registry.execute(record, wish));
      return { StackId: record.id };
    },

    // deleting what is not there succeeds
    DeleteStack({ StackName = '', ClientRequestToken }) {
      const record = registry.maybe(StackName);
      if (!record || record.isGone) return {};
      record.token = ClientRequestToken;
      if (record.status === 'REVIEW_IN_PROGRESS') registry.forget(record);
      else registry.begin(registry.delete(record));
      return {};
    },

    RollbackStack({ StackName = '', ClientRequestToken }) {
      const record = registry.find(StackName);
      if (!['CREATE_FAILED', 'UPDATE_FAILED'].includes(record.status))
        throw faults.busy(record.id, record.status, 'rolled back');
      record.token = ClientRequestToken;
      registry.begin(carryOutRollback(record));
      return { StackId: record.id };
    },

    UpdateTerminationProtection({ StackName = '', EnableTerminationProtection = false }) {
      const record = registry.find(StackName);
      record.isProtected = EnableTerminationProtection;
      return { StackId: record.id };
    },
  };
}
