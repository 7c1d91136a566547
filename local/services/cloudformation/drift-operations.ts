import { randomUUID } from 'node:crypto';
import type { CloudFormation, StackResourceDrift } from '@aws-sdk/client-cloudformation';
import type { Operations } from '../../service';
import type { ResourceDrift } from '../../template';
import { faults } from './faults';
import { page } from './pages';
import type { StackRecord } from './record';
import type { CloudFormationParts, Registry } from './registry';

interface Detection {
  record: StackRecord;
  at: Date;
  drifts: readonly ResourceDrift[];
}

const text = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));

const shown = (record: StackRecord, at: Date, drift: ResourceDrift): StackResourceDrift => ({
  StackId: record.id,
  LogicalResourceId: drift.logicalId,
  PhysicalResourceId: drift.ref,
  ResourceType: drift.type,
  ExpectedProperties: JSON.stringify(drift.expected),
  ActualProperties: JSON.stringify(drift.actual),
  PropertyDifferences: drift.differing.map((name) => ({
    PropertyPath: `/${name}`,
    ExpectedValue: text(drift.expected[name]),
    ActualValue: text(drift.actual[name]),
    DifferenceType: 'NOT_EQUAL' as const,
  })),
  StackResourceDriftStatus: drift.status,
  Timestamp: at,
});

/** Drift: what somebody else has changed since the stack's last operation, as far as the services show it. */
export function createDriftOperations(
  registry: Registry,
  { clock }: Pick<CloudFormationParts, 'clock'>,
): Operations<CloudFormation> {
  const detections = new Map<string, Detection>();
  const latest = new Map<string, Detection>();

  function detect(StackName = ''): Detection {
    const record = registry.find(StackName);
    if (record.isBusy) throw faults.busy(record.id, record.status, 'checked for drift');
    const detection = { record, at: new Date(clock.now()), drifts: record.stack.drifts() };
    latest.set(record.id, detection);
    return detection;
  }

  return {
    DetectStackDrift({ StackName }) {
      const StackDriftDetectionId = randomUUID();
      detections.set(StackDriftDetectionId, detect(StackName));
      return { StackDriftDetectionId };
    },
    DescribeStackDriftDetectionStatus({ StackDriftDetectionId = '' }) {
      const detection = detections.get(StackDriftDetectionId);
      if (!detection) throw faults.invalid(`Drift detection ${StackDriftDetectionId} does not exist`);
      const drifted = detection.drifts.filter(({ status }) => status !== 'IN_SYNC').length;
      return {
        ...{ StackId: detection.record.id, StackDriftDetectionId, Timestamp: detection.at },
        StackDriftStatus: drifted > 0 ? 'DRIFTED' : 'IN_SYNC',
        DetectionStatus: 'DETECTION_COMPLETE',
        DriftedStackResourceCount: drifted,
      };
    },
    DescribeStackResourceDrifts({ StackName = '', StackResourceDriftStatusFilters: wanted = [], NextToken }) {
      const record = registry.find(StackName);
      const { at, drifts } = latest.get(record.id) ?? { at: new Date(clock.now()), drifts: [] };
      const found = drifts.filter(({ status }) => wanted.length === 0 || wanted.includes(status));
      const { items, NextToken: next } = page(found, NextToken);
      return { StackResourceDrifts: items.map((drift) => shown(record, at, drift)), NextToken: next };
    },
  };
}
