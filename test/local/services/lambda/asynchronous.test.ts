import type { CloudEvent, Invocation } from '../../../../local/service';
import { createQueue } from '../../../../local/services/lambda/asynchronous';
import type { LambdaFunction } from '../../../../local/services/lambda/function';
import { type EventInvokeConfig, settingsOf } from '../../../../local/services/lambda/settings';
import { manualClock } from '../../manual-clock';

const TOPIC = 'arn:aws:sns:eu-west-1:000000000000:failed';
const BUS = 'arn:aws:events:eu-west-1:000000000000:event-bus/default';
const OTHER = 'arn:aws:lambda:eu-west-1:000000000000:function:after';
const MINUTE = 60_000;

const failed: Invocation = { error: { errorType: 'Oops', errorMessage: 'no' } };
const fine: Invocation = { payload: 'done' };
const refused = () => Object.assign(new Error('Rate Exceeded.'), { name: 'TooManyRequestsException' });

/** A queue with an event for a function that answers with these, one after the other. */
function taken(
  answers: (Invocation | Error)[],
  config: EventInvokeConfig = {},
  more: Partial<LambdaFunction> = {},
) {
  const clock = manualClock();
  const start = clock.now();
  const tried: number[] = [];
  const published: { topic: string; message: unknown }[] = [];
  const emitted: CloudEvent[] = [];
  const invoked: unknown[] = [];
  const sent: unknown[] = [];
  const queue = createQueue({
    clock,
    destinations: {
      publish: (topic, message) => published.push({ topic, message: JSON.parse(message) }),
      emit: (event) => emitted.push(event),
      invoke: async (arn, event) => invoked.push({ arn, event }),
      send: (queue, role, letter) => {
        if (role !== 'arn:may') throw new Error('AccessDenied');
        sent.push({ queue, ...letter });
      },
    },
  });
  const attempt = async () => {
    tried.push((clock.now() - start) / 1_000);
    const answer = answers[tried.length - 1] ?? answers.at(-1)!;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const fn = { arn: 'arn:work', asynchronous: settingsOf(config), ...more } as LambdaFunction;
  queue.take({ fn, event: { n: 1 }, first: attempt, again: attempt });
  /** Lets so much time pass, every sleep at its end. */
  async function pass(ms: number) {
    const end = clock.now() + ms;
    for (;;) {
      for (let turn = 0; turn < 10; turn++) await null;
      if (clock.now() >= end) return;
      clock.advance(1_000);
    }
  }
  return { clock, queue, tried, published, emitted, invoked, sent, pass };
}

it('an event that fails is tried again after one minute and after two more, and then no more', async () => {
  const { tried, pass, clock } = taken([failed]);
  await pass(60 * MINUTE);
  expect(tried).toEqual([0, 60, 180]);
  expect(clock.sleeping()).toBe(0);
});

it('an event that succeeds in the end is not tried any more', async () => {
  const { tried, published, pass } = taken([failed, fine], {}, { deadLetters: TOPIC });
  await pass(60 * MINUTE);
  expect([tried, published]).toEqual([[0, 60], []]);
});

it('where Lambda itself refuses, it tries ever more slowly, which costs the function no attempt', async () => {
  const { tried, pass } = taken([refused(), refused(), refused(), failed, failed, failed]);
  await pass(60 * MINUTE);
  expect(tried).toEqual([0, 1, 3, 7, 67, 187]);
});

it('an event is tried as often, and gets as old, as its function says', async () => {
  const never = taken([failed], { MaximumRetryAttempts: 0 });
  const young = taken([failed], { MaximumEventAgeInSeconds: 90 });
  await Promise.all([never.pass(10 * MINUTE), young.pass(10 * MINUTE)]);
  expect([never.tried, young.tried]).toEqual([[0], [0, 60]]);
});

it('the dead-letter topic gets the event, the destination all that is known', async () => {
  const DestinationConfig = { OnFailure: { Destination: TOPIC } };
  const { published, pass } = taken([failed], { DestinationConfig }, { deadLetters: `${TOPIC}-letters` });
  await pass(2 * MINUTE);
  expect(published).toEqual([]);
  await pass(2 * MINUTE);
  expect(published).toEqual([
    { topic: `${TOPIC}-letters`, message: { n: 1 } },
    {
      topic: TOPIC,
      message: expect.objectContaining({
        timestamp: '2026-01-01T00:03:00.000Z',
        requestContext: expect.objectContaining({ condition: 'RetriesExhausted', approximateInvokeCount: 3 }),
        requestPayload: { n: 1 },
        responsePayload: { errorType: 'Oops', errorMessage: 'no' },
      }),
    },
  ]);
});

it('a dead-letter queue gets the event and why it failed, as far as the role of the function may send there', async () => {
  const deadLetters = 'arn:aws:sqs:eu-west-1:000000000000:letters';
  const may = taken([failed], {}, { deadLetters, role: 'arn:may' });
  const mayNot = taken([failed], {}, { deadLetters, role: 'arn:may-not' });
  await Promise.all([may.pass(4 * MINUTE), mayNot.pass(4 * MINUTE)]);
  expect(may.sent).toEqual([
    {
      queue: deadLetters,
      body: '{"n":1}',
      attributes: { RequestID: expect.any(String), ErrorCode: '200', ErrorMessage: 'no' },
    },
  ]);
  expect(mayNot.sent).toEqual([]);
});

it('an event that is too old says so', async () => {
  const DestinationConfig = { OnFailure: { Destination: BUS } };
  const { emitted, pass } = taken([refused()], { DestinationConfig, MaximumEventAgeInSeconds: 60 });
  await pass(5 * MINUTE);
  expect(emitted).toMatchObject([
    {
      source: 'lambda',
      detailType: 'Lambda Function Invocation Result - Failure',
      detail: { requestContext: { condition: 'EventAgeExceeded' } },
    },
  ]);
});

it('a success can go on to another function', async () => {
  const { invoked, pass } = taken([fine], { DestinationConfig: { OnSuccess: { Destination: OTHER } } });
  await pass(1_000);
  expect(invoked).toMatchObject([
    { arn: OTHER, event: { requestContext: { condition: 'Success' }, responsePayload: 'done' } },
  ]);
});

it('when the cloud closes, nothing is tried any more', async () => {
  const { queue, tried, published, pass } = taken([failed], {}, { deadLetters: TOPIC });
  await pass(1_000);
  queue.close();
  await pass(10 * MINUTE);
  expect([tried, published]).toEqual([[0], []]);
});

it('a destination without local part is refused by name', () => {
  const Destination = 'arn:aws:sqs:eu-west-1:000000000000:q';
  expect(() => settingsOf({ DestinationConfig: { OnFailure: { Destination } } })).toThrow(
    `the destination ${Destination} is not served locally`,
  );
});
