import { basisOf } from '../../../src/domain/evidence/basis';
import { exampleSettings } from '../../input/parser';

const shop = exampleSettings();
const worker = { traffic: null, evidence: { alarms: [], metrics: [] } };

it('warns of a pure worker that only its tasks and the database are watched', () => {
  expect(basisOf(worker)).toEqual({
    says: 'the verdict rests on its tasks, the database',
    warning: expect.stringMatching(/^neither alarms nor metrics are configured/),
  });
});

it('names the alarms and metrics that tell more', () => {
  expect(basisOf({ ...worker, evidence: { ...worker.evidence, alarms: ['oldest'] } })).toEqual({
    says: 'the verdict rests on its tasks, the database, alarm oldest',
  });
});

it('has nothing to say of a service with users', () => expect(basisOf(shop)).toBeUndefined());
