import { createSqs } from '../../../local/services/sqs';
import { manualClock } from '../manual-clock';

it('publishes every minute how many messages a queue has got, and nothing of one without', async () => {
  const clock = manualClock();
  const published: [string | undefined, number][] = [];
  const sqs = createSqs({
    clock,
    metrics: { record: ({ dimensions, value }) => published.push([dimensions.QueueName, value]) },
  });
  for (const name of ['full', 'empty'])
    void sqs.resources!['AWS::SQS::Queue']!({}, { name, logicalId: name, metadata: {} });
  const pass = async () => {
    clock.advance(60_000);
    await new Promise(setImmediate);
  };
  await pass();
  expect(published).toEqual([]);
  sqs.send({ queueArn: 'arn:aws:sqs:eu-west-1:000000000000:full', body: 'a', attributes: {} });
  expect(published).toEqual([['full', 1]]);
  await pass();
  expect(published).toEqual([
    ['full', 1],
    ['full', 1],
  ]);
  await sqs.close?.();
});
