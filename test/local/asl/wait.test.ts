import { execute, jsonata, machine } from './execute';

const wait = (fields: Record<string, unknown>) => machine({ Wait: { Type: 'Wait', ...fields, End: true } });

describe('a Wait state', () => {
  it.each([
    ['Seconds', { Seconds: 90 }, 90],
    ['SecondsPath', { SecondsPath: '$.seconds' }, 7],
    ['Timestamp', { Timestamp: '2026-01-01T00:01:00Z' }, 60],
    ['TimestampPath', { TimestampPath: '$.at' }, 3600],
    ['a Timestamp in the past', { Timestamp: '2016-03-05T21:29:29.243167252Z' }, 0],
  ])('waits for %s', async (_title, fields, expected) => {
    const { outcome, seconds } = await execute(wait(fields), { seconds: 7, at: '2026-01-01T02:00:00+01:00' });
    expect(outcome.status).toBe('SUCCEEDED');
    expect(seconds).toBe(expected);
  });

  it.each([
    ['SecondsPath', 1.5],
    ['SecondsPath', -1],
    ['TimestampPath', '2026-02-30T00:00:00Z'],
    ['TimestampPath', '2026-01-01T00:00:00'],
  ])('refuses %s to %j', async (field, value) => {
    const { outcome } = await execute(wait({ [field]: '$.value' }), { value });
    expect(outcome).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });

  it('evaluates Seconds in JSONata, which must give an integer', async () => {
    const definition = jsonata({ Wait: { Type: 'Wait', Seconds: '{% $states.input %}', End: true } });
    expect((await execute(definition, 5)).seconds).toBe(5);
    for (const input of ['5', 0.5, -1]) {
      expect(await execute(definition, input)).toMatchObject({
        outcome: { error: 'States.QueryEvaluationError' },
      });
    }
  });
});
